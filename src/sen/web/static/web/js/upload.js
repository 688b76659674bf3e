// Files: [data-upload] sends each chosen file in pieces while the form is being filled.
//   data-begin   POST {name, size} -> {id}
//   data-append  POST of bytes to …{id}… with Upload-Offset -> {offset}; 409 {offset} says where to go on
//   data-finish  POST to …{id}… -> {id, name}; 4xx {detail} says what is wrong with the file
// A lost connection is tried again with growing pauses, from the offset the server has. The id
// then goes with the form as data-name; without scripts the file itself does.
const PIECE = 1024 * 1024;
const TRIES = 8;

const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });

class Refused extends Error {}

async function call(url, token, options) {
  const answer = await fetch(url, {
    method: "POST", ...options, headers: { "X-CSRFToken": token, ...options.headers },
  });
  const body = await answer.json().catch(() => ({}));
  if (answer.status === 409 && Number.isInteger(body.offset)) return body;
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  if (!answer.ok) throw new Refused(body.detail || body.title || "");
  return body;
}

async function stubborn(act, onLost) {
  for (let number = 1; ; number += 1) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Refused || number === TRIES) throw error;
      onLost();
      await pause(Math.min(2 ** number / 2, 30));
    }
  }
}

function row(place, file) {
  const line = document.createElement("li");
  line.className = "file";
  const name = Object.assign(document.createElement("span"), { className: "file-name", textContent: file.name });
  const state = Object.assign(document.createElement("span"), { className: "file-state", textContent: place.dataset.sending });
  state.setAttribute("role", "status");
  const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "file-remove", textContent: place.dataset.remove });
  remove.addEventListener("click", () => { line.dataset.removed = "1"; line.remove(); });
  line.append(name, state, bar, remove);
  place.querySelector("[data-files]").append(line);
  return { line, state, bar };
}

async function send(place, file, token) {
  const { line, state, bar } = row(place, file);
  const lost = () => { state.textContent = place.dataset.lost; };
  const at = (pattern, id) => pattern.replace("{id}", encodeURIComponent(id));
  try {
    const begun = await stubborn(() => call(place.dataset.begin, token, {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: file.name, size: file.size }),
    }), lost);
    let offset = 0;
    while (offset < file.size && !line.dataset.removed) {
      const from = offset;
      const answer = await stubborn(() => call(at(place.dataset.append, begun.id), token, {
        headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(from) },
        body: file.slice(from, from + PIECE),
      }), lost);
      offset = answer.offset;
      bar.value = offset;
      state.textContent = place.dataset.sending;
    }
    if (line.dataset.removed) return;
    const kept = await stubborn(() => call(at(place.dataset.finish, begun.id), token, {}), lost);
    state.textContent = place.dataset.kept;
    line.dataset.state = "kept";
    bar.remove();
    line.append(Object.assign(document.createElement("input"), {
      type: "hidden", name: place.dataset.name, value: kept.id,
    }));
  } catch (error) {
    line.dataset.state = "failed";
    bar.remove();
    state.textContent = error instanceof Refused && error.message ? error.message : place.dataset.failed;
  }
}

document.addEventListener("change", async (event) => {
  const input = event.target;
  const place = input.type === "file" && input.closest("[data-upload]");
  if (!place) return;
  const token = input.form?.elements.csrfmiddlewaretoken?.value ?? "";
  const files = [...input.files];
  input.value = "";
  input.required = false;
  if (!input.multiple) place.querySelector("[data-files]").replaceChildren();
  for (const file of files) await send(place, file, token);
});

document.addEventListener("submit", (event) => {
  const busy = event.target.querySelector("[data-upload] progress");
  if (!busy) return;
  event.preventDefault(); // the last piece is still under way
  busy.closest(".file").querySelector(".file-state").scrollIntoView({ block: "center" });
});
