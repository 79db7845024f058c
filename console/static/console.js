// Everything works without this file. With it the page stays live, keeps counting and answers to keys.
"use strict";

const REGIONS = "[data-live]";
const skew = Date.parse(document.body.dataset.now) - Date.now();
let pulse = document.body.dataset.pulse;

// --- words: the same as console/wording.py -------------------------------------------------------------------------

function duration(seconds) {
  seconds = Math.max(0, Math.floor(seconds));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  const day = seconds >= 86400;
  const [size, unit, smaller, smallerUnit] = day ? [86400, "d", 3600, "h"] : [3600, "h", 60, "min"];
  const rest = Math.floor((seconds % size) / smaller);
  return `${Math.floor(seconds / size)} ${unit}` + (rest ? ` ${rest} ${smallerUnit}` : "");
}

const WORDS = {
  ago: (left) => (left > -5 ? "just now" : `${duration(-left)} ago`),
  due: (left) => (left > 0 ? `due in ${duration(left)}` : left > -60 ? "due now" : `late by ${duration(-left)}`),
  until: (left) => (left > 0 ? `in ${duration(left)}` : "now"),
  age: (left) => duration(-left),
};

let exactly = false; // all times, where somebody asked for that; else those that somebody tapped

function count() {
  const now = Date.now() + skew;
  for (const time of document.querySelectorAll("time[title]")) {
    const left = (Date.parse(time.dateTime) - now) / 1000;
    const counts = time.dataset.counts;
    time.dataset.words ??= time.textContent;
    const exact = exactly !== "tapped" in time.dataset;
    const words = exact ? time.title : counts ? WORDS[counts](left) : time.dataset.words;
    if (time.textContent !== words) time.textContent = words;
    time.classList.toggle("exact", exact);
    if (counts === "due") time.classList.toggle("late", left <= 0);
  }
}

function showExactly() {
  exactly = !exactly;
  for (const time of document.querySelectorAll("time[data-tapped]")) delete time.dataset.tapped;
  document.getElementById("exact-times").setAttribute("aria-pressed", exactly);
  count();
}

// A finger has nothing to hold over a time.
function tapTime(time) {
  if (!time || time.closest("a, button, summary, label")) return;
  if ("tapped" in time.dataset) delete time.dataset.tapped;
  else time.dataset.tapped = "";
  count();
}

// --- the reader's time zone: the same cookie as in console/reader_zone.py ------------------------------------------

const zones = { shown: document.body.dataset.zone, team: document.body.dataset.teamZone, own: "" };

function wantedZone() {
  return document.cookie.match(/(?:^|; )groundswell_zone=([^;]*)/)?.[1] || "";
}

function wantZone(name) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `groundswell_zone=${name}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

function readZone() {
  zones.own = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const wanted = wantedZone();
  if (zones.own && wanted !== "team" && wanted !== zones.own) {
    wantZone(zones.own);
    const asIs = document.body.dataset.asked === "GET" && !document.getElementById("told").childElementCount;
    if (asIs && wantedZone() === zones.own && zones.own !== zones.shown) location.reload();
  }
  const choose = document.getElementById("zone-choose");
  choose.hidden = !zones.own || zones.own === zones.team || (zones.shown === zones.team && wanted === zones.own);
  choose.textContent = zones.shown === zones.team ? `Show mine, ${zones.own}` : `Show the team's, ${zones.team}`;
  choose.addEventListener("click", () => {
    wantZone(zones.shown === zones.team ? zones.own : "team");
    location.reload();
  });
}

// --- swapping what changed -----------------------------------------------------------------------------------------

// What somebody has entered, as against what the server wrote.
function entered(field) {
  if (!field.options) return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max([...field.options].findIndex((one) => one.defaultSelected), 0);
}

const FIELDS = "select[id], input[id], textarea[id]";
// What was seen when a form was begun stands in hidden fields; the token of the session is no part of that.
const HIDDEN = "input[type=hidden]:not([name=csrf])";
const typing = (field) => field.matches("textarea, input:not([type=hidden])");

// A form that somebody has begun is sent with what they saw when they began (its hidden fields), not with what is newer.
function begun(region) {
  const forms = [...region.querySelectorAll("form")].filter((form) => [...form.querySelectorAll(FIELDS)].some(entered));
  return new Map(forms.map((form) => [form.action, [...form.querySelectorAll(HIDDEN)].map((one) => one.value)]));
}

// What a person has done to a region and would miss: open parts, typed text, the place of the cursor.
function remember(region) {
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  return {
    parts: new Map([...region.querySelectorAll("details[id]")].map((part) => [part.id, part.open])),
    fields: [...region.querySelectorAll(FIELDS)].filter(entered),
    begun: begun(region),
    ticked: new Map([...region.querySelectorAll("input[type=checkbox]:checked[id]")].map((box) => [box.id, box.value])),
    keys: new Set([...region.querySelectorAll("[data-key]")].map((item) => item.dataset.key)),
    focus: focused && focused.id,
    typing: focused && typing(focused),
    caret: focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null,
  };
}

function restore(region, kept, sent) {
  for (const part of region.querySelectorAll("details[id]")) if (kept.parts.has(part.id)) part.open = kept.parts.get(part.id);
  for (const field of kept.fields) {
    const now = document.getElementById(field.id);
    if (now && (!now.options || [...now.options].some((one) => one.value === field.value))) now.value = field.value;
  }
  // What somebody ticked is sent as they saw it when they did, unless they were told since that it is newer.
  for (const box of region.querySelectorAll("input[type=checkbox][id]")) {
    if (!kept.ticked.has(box.id)) continue;
    box.checked = true;
    if (!sent) box.value = kept.ticked.get(box.id);
  }
  for (const form of region.querySelectorAll("form"))
    (kept.begun.get(form.action) || []).forEach((value, at) => (form.querySelectorAll(HIDDEN)[at].value = value));
  for (const item of region.querySelectorAll("[data-key]"))
    if (kept.keys.size && !kept.keys.has(item.dataset.key)) item.classList.add("fresh");
  if (!kept.focus) return;
  const same = document.getElementById(kept.focus);
  for (let part = same?.closest("details:not([open])"); part; part = part.parentElement.closest("details:not([open])"))
    if (typing(same)) part.open = true;
  // The next step's button is where a hand that ticks goes on; one that types must not press it.
  const target = same || (!kept.typing && region.querySelector("#present .line button")) || document.getElementById("main");
  target.focus({ preventScroll: true });
  if (kept.caret && target.id === kept.focus && kept.caret[0] !== null) target.setSelectionRange(...kept.caret);
}

const plain = new WeakMap(); // each region as the server wrote it, before counting and opening changed it

// Words in a form that is not there any more, because somebody else did meanwhile what it was for.
function rescue(kept) {
  const words = kept.fields.filter((field) => typing(field) && field.value.trim() && !document.getElementById(field.id));
  if (!words.length) return;
  say("Somebody was faster, and the form you wrote in is gone. Your words are here to be copied:");
  const box = document.querySelector("#told .told");
  const saved = document.createElement("textarea");
  saved.id = "saved-words";
  saved.rows = 4;
  saved.setAttribute("aria-label", "Your words");
  saved.value = words.map((field) => field.value).join("\n\n");
  box.append(saved);
  clearTimeout(quietly);
  if (kept.typing) saved.focus();
}

function swapRegions(next, sent) {
  for (const region of document.querySelectorAll(REGIONS)) {
    const fresh = next.querySelector(`[data-live="${region.dataset.live}"]`);
    if (!fresh || plain.get(region) === fresh.innerHTML) continue;
    const kept = remember(region);
    region.className = fresh.className;
    plain.set(region, fresh.innerHTML);
    region.replaceChildren(...fresh.cloneNode(true).childNodes);
    restore(region, kept, sent);
    if (!sent) rescue(kept);
  }
}

// Whoever was told that something is newer than what they saw may go on from there.
function renew(next, sent) {
  const hidden = (page) => [...page.forms].filter((form) => form.action === sent).flatMap((form) => [...form.querySelectorAll(HIDDEN)]);
  const fresh = hidden(next);
  hidden(document).forEach((field, at) => at < fresh.length && (field.value = fresh[at].value));
}

// Whoever signed in again in another window goes on here under that session.
function renewTokens(next) {
  const token = next.querySelector("input[name=csrf]")?.value;
  if (token) for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
}

function swapMain(next) {
  document.getElementById("main").replaceWith(next.getElementById("main"));
  document.getElementById("main").focus();
}

// A page that showed nothing shows what has come; nobody reads there whose lines could move.
function fill(next) {
  const found = next.getElementById("found");
  if (document.querySelector("#found > [data-live=empty]") && found.querySelector("[data-arrivals]"))
    document.getElementById("found").replaceWith(found.cloneNode(true));
}

// sent: address of the form that was answered with it, where it is an answer.
function takeIn(html, sent = "") {
  const next = new DOMParser().parseFromString(html, "text/html");
  const same = next.getElementById("main").dataset.page === document.getElementById("main").dataset.page;
  pulse = next.body.dataset.pulse || pulse;
  document.title = next.title;
  if (sent && !same) swapMain(next);
  else if (same) {
    swapRegions(next, sent);
    renew(next, sent);
    fill(next);
    announceArrivals(next);
  }
  renewTokens(next);
  tell(next.getElementById("told").cloneNode(true));
  count();
  countTicked();
}

let quietly = 0;
function tell(message) {
  if (!message.childElementCount) return;
  document.getElementById("told").replaceChildren(...message.childNodes);
  quieten();
}

function quieten() {
  clearTimeout(quietly);
  quietly = setTimeout(() => document.getElementById("told").replaceChildren(), 10000);
}

function say(text) {
  const box = document.createElement("div");
  const line = document.createElement("p");
  box.className = "told refused";
  line.textContent = text;
  box.append(line);
  document.getElementById("told").replaceChildren(box);
}

// A list that somebody reads does not move under their eyes; it says that there is more.
function announceArrivals(next) {
  const list = document.querySelector("[data-arrivals=yes]");
  if (!list) return;
  const known = new Set([...list.children].map((item) => item.dataset.key));
  const items = [...next.querySelectorAll("[data-arrivals] > *")];
  const at = (item) => Date.parse(item.querySelector("time").dateTime);
  // Where somebody took all of a page from its brand, what moves up is older and has not arrived.
  const newest = Math.max(...[...list.children].map(at));
  const first = items.findIndex((item) => known.has(item.dataset.key) || at(item) < newest);
  const arrived = first < 0 ? items.length : first;
  const notice = document.getElementById("arrived");
  notice.hidden = !arrived;
  const many = first < 0 ? `More than ${arrived}` : arrived;
  notice.firstElementChild.textContent = `Show ${many} new ${arrived === 1 ? "mention" : "mentions"}`;
}

// --- live ----------------------------------------------------------------------------------------------------------

let asking = false;
let askAgain = false;

async function refresh() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Groundswell-Live": "1" } });
    if (answer.status === 401) signedOut();
    else if (answer.ok) {
      if (out) back();
      takeIn(await answer.text());
    }
  } catch {
    connection("The console does not answer; trying again.");
  } finally {
    asking = false;
    if (askAgain) {
      askAgain = false;
      refresh();
    }
  }
}

// --- signed out ------------------------------------------------------------------------------------------------------

let out = false;

// Words that somebody has typed anywhere but in one form.
function typed(besides) {
  const fields = [...document.querySelectorAll("textarea, input:not([type=hidden])")].filter((field) => typing(field) && entered(field));
  return fields.some((field) => field.form !== besides);
}

// Nobody is led away from what they typed: they sign in in another window, and go on in this one.
function signedOut() {
  if (document.getElementById("main").dataset.page === "sign-in") return;
  const here = encodeURIComponent(location.pathname + location.search);
  if (!typed(null)) location.assign(`/sign-in?next=${here}`);
  if (out) return;
  out = true;
  say("You were signed out. Nothing you typed is lost: ");
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.target = "_blank";
  link.textContent = "sign in in another window, then send it here.";
  document.querySelector("#told .told p").append(link);
  clearTimeout(quietly);
}

function back() {
  out = false;
  document.getElementById("told").replaceChildren();
}

let stream = null;
let again = 0;

function connect() {
  clearTimeout(again);
  if (stream || document.hidden || !pulse) return;
  stream = new EventSource("/live");
  stream.onmessage = (event) => {
    connection("");
    if (event.data !== pulse) refresh();
  };
  stream.onerror = () => {
    connection("Not live: the console does not answer; trying again.");
    if (stream && stream.readyState === EventSource.CLOSED) {
      disconnect();
      refresh(); // it says whether somebody has to sign in again
      again = setTimeout(connect, 3000);
    }
  };
}

function disconnect() {
  if (stream) stream.close();
  stream = null;
}

function connection(text) {
  const state = document.getElementById("link-state");
  state.hidden = !text;
  state.textContent = text;
}

window.addEventListener("offline", () => connection("You are offline. What you see may be old, and nothing can be sent."));
window.addEventListener("online", () => (connection(""), refresh()));

// Browsers allow six connections to a server; a tab that nobody sees needs none.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) disconnect();
  else {
    if (out) refresh();
    connect();
  }
});
window.addEventListener("pagehide", disconnect);

// Paper has nothing to unfold.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open], .drop, .leave-out, .edit)")];
  for (const part of folded) part.open = true;
});
window.addEventListener("afterprint", () => folded.forEach((part) => (part.open = false)));
window.addEventListener("pageshow", connect);

// --- acting --------------------------------------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("act" in form.dataset)) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const waits = setTimeout(() => sending(event.submitter), 400);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
    if (answer.status === 401 && typed(form)) {
      signedOut();
      return;
    }
    const html = await answer.text();
    if (answer.ok && !new DOMParser().parseFromString(html, "text/html").querySelector("#told .refused")) settle(form);
    takeIn(html, form.action);
  } catch {
    say("The console did not answer, so nothing was changed. What you entered is still here; try again in a moment.");
  } finally {
    clearTimeout(waits);
    sent(event.submitter);
    delete form.dataset.sending;
  }
});

// Whoever pressed a button sees that it was heard, where the answer takes longer than a blink.
function sending(button) {
  if (!button) return;
  button.dataset.label = button.textContent;
  button.textContent = "Sending …";
  button.setAttribute("aria-busy", "true");
}

function sent(button) {
  if (!button || !("label" in button.dataset)) return;
  button.textContent = button.dataset.label;
  delete button.dataset.label;
  button.removeAttribute("aria-busy");
}

function settle(form) {
  form.reset();
  const drop = form.closest("details.drop");
  if (drop) drop.open = false;
}

// The address of a view holds what was asked for, and nothing else: it is sent to colleagues.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-choose]");
  if (form && event.target.value) form.requestSubmit();
});

const DROPS = "details:is(.drop, .menu)[open]";

// Whoever was inside goes on from what opened it.
function shut(drop) {
  if (drop.contains(document.activeElement)) drop.querySelector("summary").focus();
  drop.open = false;
}

document.addEventListener("click", (event) => {
  for (const drop of document.querySelectorAll(DROPS)) if (!drop.contains(event.target)) drop.open = false;
  tapTime(event.target.closest("main time[title]"));
  if (event.target.closest("#note-open")) {
    event.preventDefault();
    document.getElementById("note").focus();
  }
});

// The mention that keys are about: the one that holds the focus, else the first in view.
function mention(step = 0) {
  const all = [...document.querySelectorAll(".mentions > li")];
  const held = all.indexOf(document.activeElement.closest(".mentions > li"));
  if (held < 0) return all.find((item) => item.getBoundingClientRect().top >= 0);
  return all[Math.min(Math.max(held + step, 0), all.length - 1)];
}

function moveTo(item) {
  if (!item) return;
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

// --- several at once: boxes that belong to one form ------------------------------------------------------------------

const BOXES = ".tick input[type=checkbox]";
const ticked = () => document.querySelectorAll(`${BOXES}:checked`).length;

function countTicked() {
  const told = document.getElementById("ticked");
  if (!told) return;
  const many = ticked();
  const words = many ? `${many} ticked` : "";
  if (told.textContent !== words) told.textContent = words;
  if (many) document.getElementById("several").open = true;
}

function tickMention() {
  const item = mention();
  moveTo(item);
  item?.querySelector(BOXES)?.click();
}

function tickAll() {
  const boxes = [...document.querySelectorAll(BOXES)];
  const all = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = all;
  countTicked();
}

document.addEventListener("change", (event) => event.target.matches(BOXES) && countTicked());

function judge(verdict) {
  if (ticked() && verdict !== "undo") {
    document.getElementById("scope").value = "chosen";
    document.getElementById(`all-${verdict}`).click();
    return;
  }
  const item = mention();
  moveTo(item);
  item?.querySelector(verdict === "undo" ? ".undo button" : `button[value=${verdict}]`)?.click();
}

// Where the present step asks for something first, the cursor goes there.
function tick(step) {
  const ready = step?.querySelector(".line button");
  if (ready) ready.click();
  else step?.querySelector(".evidence input:not([type=hidden]), .approval button")?.focus();
}

function showKeys() {
  const keys = document.getElementById("keys");
  if (keys.open) keys.close();
  else keys.showModal();
}

const KEYS = {
  j: () => moveTo(mention(1)),
  k: () => moveTo(mention(-1)),
  1: () => judge("negative"),
  2: () => judge("neutral"),
  3: () => judge("positive"),
  4: () => judge("not_about_us"),
  5: () => judge("wrong_match"),
  u: () => judge("undo"),
  x: tickMention,
  X: tickAll,
  z: () => document.getElementById("undo-last")?.click(),
  "/": () => document.getElementById("f-q")?.focus(),
  d: () => tick(document.getElementById("present")),
  n: () => document.getElementById("note")?.focus(),
  t: showExactly,
  h: () => location.assign("/"),
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const drop of document.querySelectorAll(DROPS)) shut(drop);
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !Object.hasOwn(KEYS, event.key)) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.documentElement.classList.add("script");
for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
for (const region of document.querySelectorAll(REGIONS)) plain.set(region, region.innerHTML);
countTicked(); // a browser keeps them when one comes back
document.getElementById("exact-times").addEventListener("click", showExactly);
document.getElementById("keys-open").addEventListener("click", showKeys);
readZone();
setInterval(count, 1000);
quieten();
connect();
