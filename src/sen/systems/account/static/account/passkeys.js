// Passkeys: form[data-passkey="create"] lets this device make a key, form[data-passkey="get"] lets
// one answer. On submit what to ask is fetched from data-asks, the device asks its owner, and the
// answer goes with the form. Its [data-said] holds a text for each way in which it can fail.
// [data-passkey-none] stands there until then, and stays where the browser knows no keys.
const isKnown = Boolean(window.PublicKeyCredential && navigator.credentials);

const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const descriptors = (listed = []) => (listed ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(form) {
  const body = new FormData(form);
  const answer = await fetch(form.dataset.asks, { method: "POST", body });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail ?? "");
  return said.publicKey;
}

async function create(asked) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: descriptors(asked.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return { made, response: { attestationObject: text(made.response.attestationObject) } };
}

async function get(asked) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: descriptors(asked.allowCredentials),
  };
  const made = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = made.response;
  const response = { authenticatorData: text(authenticatorData), signature: text(signature) };
  if (userHandle) response.userHandle = text(userHandle);
  return { made, response };
}

function word(error) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") return "cancelled";
  if (error.name === "InvalidStateError") return "known";
  if (error.name === "SecurityError") return "place";
  return "failed";
}

async function answer(form) {
  const place = form.querySelector("[data-said]");
  place.hidden = true;
  try {
    const asked = await ask(form);
    const { made, response } = await (form.dataset.passkey === "create" ? create(asked) : get(asked));
    response.clientDataJSON = text(made.response.clientDataJSON);
    form.elements.answer.value = JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response,
    });
    form.submit();
  } catch (error) {
    const own = error.constructor === Error && error.message;
    place.textContent = own || place.dataset[word(error)];
    place.hidden = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-passkey]")) return;
  event.preventDefault();
  answer(event.target);
}, true);

for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = !isKnown;
for (const note of document.querySelectorAll("[data-passkey-none]")) note.hidden = isKnown;
