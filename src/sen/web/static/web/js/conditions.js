// Forms: questions with [data-show-if] appear and go while others are answered. The rules are
// JsonLogic with a closed list of operators, bound by the same vectors as the server's.
const given = (value) => value === undefined ? null : value;
export const truth = (value) =>
  !(value === null || value === undefined || value === false || value === 0 || value === "" ||
    (Array.isArray(value) && value.length === 0));

const same = (a, b) => {
  if (typeof a !== typeof b) return false;
  if (a !== null && typeof a === "object") return JSON.stringify(a) === JSON.stringify(b);
  return a === b;
};
const comparable = (a, b) =>
  (typeof a === "number" && typeof b === "number") || (typeof a === "string" && typeof b === "string");
const ordered = (test) => (args) =>
  args.every((a, i) => i === 0 || (comparable(args[i - 1], a) && test(args[i - 1], a)));
const numbers = (args) => args.every((a) => typeof a === "number");

function asDate(value) {
  if (typeof value !== "string") return null;
  const parts = value.split("-");
  const [y, m, d] = [...parts, "01", "01"].slice(0, 3);
  if (!/^\d{4}$/.test(y) || !/^\d{2}$/.test(m) || !/^\d{2}$/.test(d)) return null;
  const date = new Date(Date.UTC(+y, +m - 1, +d));
  return date.getUTCMonth() === +m - 1 && date.getUTCDate() === +d ? { y: +y, m: +m, d: +d, at: date } : null;
}

const years = (born, until) =>
  until.y - born.y - (until.m > born.m || (until.m === born.m && until.d >= born.d) ? 0 : 1);

const EAGER = {
  var: ([key, fallback = null], values) => {
    let value = values;
    for (const part of String(key).split(".")) {
      const isMap = value !== null && typeof value === "object" && !Array.isArray(value);
      value = isMap && Object.hasOwn(value, part) ? value[part] : null;
    }
    return value === null ? fallback : value;
  },
  missing: (keys, values) =>
    keys.filter((key) => {
      const value = Object.hasOwn(values, key) ? given(values[key]) : null;
      return value === null || value === "" || (Array.isArray(value) && value.length === 0);
    }),
  "==": ([a, b]) => same(a, b),
  "!=": ([a, b]) => !same(a, b),
  "<": ordered((a, b) => a < b),
  "<=": ordered((a, b) => a <= b),
  ">": ordered((a, b) => a > b),
  ">=": ordered((a, b) => a >= b),
  "!": ([a]) => !truth(a),
  in: ([needle, hay]) => {
    if (typeof hay === "string") return typeof needle === "string" && hay.includes(needle);
    return Array.isArray(hay) && hay.some((item) => same(needle, item));
  },
  "+": (args) => (numbers(args) ? args.reduce((sum, a) => sum + a, 0) : null),
  "-": (args) => (!numbers(args) ? null : args.length === 1 ? -args[0] : args[0] - args[1]),
  today: (_args, _values, today) => today,
  age: ([born, until], _values, today) => {
    const from = asDate(born);
    const to = asDate(until === undefined ? today : until);
    return from && to ? years(from, to) : null;
  },
  days: ([first, second]) => {
    const [a, b] = [asDate(first), asDate(second)];
    return a && b ? Math.round((b.at - a.at) / 86400000) : null;
  },
};

const LAZY = {
  and: (args, values, today) => {
    let result = true;
    for (const item of args) {
      result = evaluate(item, values, today);
      if (!truth(result)) return result;
    }
    return result;
  },
  or: (args, values, today) => {
    let result = false;
    for (const item of args) {
      result = evaluate(item, values, today);
      if (truth(result)) return result;
    }
    return result;
  },
  if: (args, values, today) => {
    let i = 0;
    for (; i + 1 < args.length; i += 2) {
      if (truth(evaluate(args[i], values, today))) return evaluate(args[i + 1], values, today);
    }
    return i < args.length ? evaluate(args[i], values, today) : null;
  },
};

export function evaluate(rule, values, today) {
  if (Array.isArray(rule)) return rule.map((item) => evaluate(item, values, today));
  if (rule === null || typeof rule !== "object") return rule;
  const [[name, raw]] = Object.entries(rule);
  const args = Array.isArray(raw) ? raw : [raw];
  if (Object.hasOwn(LAZY, name)) return LAZY[name](args, values, today);
  if (!Object.hasOwn(EAGER, name)) throw new Error(`unknown operator ${name}`);
  return EAGER[name](args.map((item) => evaluate(item, values, today)), values, today);
}

// -- What stands in a question's inputs, as the answer the server would keep

const READERS = {
  date: (text) => {
    const found = /^(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4})$/.exec(text.trim());
    return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : null;
  },
  number: (text) => {
    const plain = text.replace(/[\s.]/g, "").replace(",", ".");
    return plain === "" || Number.isNaN(+plain) ? null : +plain;
  },
  yes_no: (text) => (text === "yes" ? true : text === "no" ? false : null),
};
READERS.money = READERS.number;

function answer(question, form) {
  const { question: key, type } = question.dataset;
  if (question.querySelector(`input[type=checkbox][name="${CSS.escape(key)}"]`)) return form.getAll(key);
  if (type === "area" || type === "address") {
    const parts = ["line", "text", "code"].filter((part) => form.has(`${key}.${part}`));
    return Object.fromEntries(parts.map((part) => [part, form.get(`${key}.${part}`)]));
  }
  if (type === "file") return form.getAll(key).filter((one) => typeof one === "string" && one);
  const text = form.get(key);
  if (typeof text !== "string" || text.trim() === "") return null;
  return READERS[type] ? READERS[type](text) : text.trim();
}

function refresh(page) {
  const element = page.closest("form");
  if (!element) return;
  const form = new FormData(element);
  const values = JSON.parse(page.dataset.answers || "{}");
  for (const question of page.querySelectorAll("[data-question]")) {
    const rule = question.dataset.showIf;
    question.hidden = rule ? !truth(evaluate(JSON.parse(rule), values, page.dataset.today)) : false;
    values[question.dataset.question] = question.hidden ? null : answer(question, form);
  }
}

if (typeof document !== "undefined") {
  document.addEventListener("input", (event) => {
    const page = event.target.closest?.("[data-form-page]");
    if (page) refresh(page);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    for (const page of event.target.querySelectorAll("[data-form-page]")) refresh(page);
  });
  for (const page of document.querySelectorAll("[data-form-page]")) refresh(page);
}
