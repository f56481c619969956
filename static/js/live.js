// The browser's end of a live stream (okplatform/web/streams.py).
//
//   import { listen } from "ok/live";
//   listen("merchant:3", { sale: (data) => { … } }, { onOpen: async () => { … } });
//
// The second argument handles what notify() sent, by event name. onOpen runs at the start and after
// every gap: it fetches the present state, so that nothing missed matters.
//
// A hidden page lets go of its stream, because a browser has only six connections to a host; when it
// shows again it catches up. Any element with data-freshness (components/freshness.html) says how
// fresh the page is: live, late (nothing heard, not even a ping), lost.

const LATE_MS = 20_000;
const REOPEN_MS = 5_000;
const TICK_MS = 1_000;

export function listen(channel, on = {}, { onOpen } = {}) {
  let source = null;
  let reopening = 0;
  const freshness = showFreshness();

  async function ready() {
    try {
      await onOpen?.();
      freshness.heard();
    } catch {
      freshness.lost(); // the next ready tries again
    }
  }

  function open() {
    clearTimeout(reopening);
    if (source || document.hidden) return;
    source = new EventSource(`/events/${channel}/`);
    source.addEventListener("ready", ready);
    source.addEventListener("ping", freshness.heard);
    for (const [name, handle] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        freshness.heard();
        handle(JSON.parse(event.data));
      });
    }
    source.addEventListener("error", () => {
      freshness.lost();
      // The browser tries again by itself, except after an answer other than 200.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        reopening = setTimeout(open, REOPEN_MS);
      }
    });
  }

  function close() {
    clearTimeout(reopening);
    source?.close();
    source = null;
  }

  function follow() {
    if (document.hidden) close();
    else open();
  }

  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  addEventListener("online", () => {
    close();
    open();
  });
  open();
}

function showFreshness() {
  const pills = [...document.querySelectorAll("[data-freshness]")];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });
  let heardAt = null;
  let connected = false;

  function show() {
    const age = heardAt === null ? 0 : Date.now() - heardAt;
    const state = !connected ? "lost" : age > LATE_MS ? "late" : "live";
    const ago = words.format(-Math.round(age / 1000), "second");
    for (const pill of pills) {
      pill.dataset.state = state;
      const text = pill.querySelector("[data-freshness-text]");
      text.textContent = state === "lost" ? pill.dataset.lost : `${pill.dataset[state]} · ${ago}`;
    }
  }

  if (pills.length) setInterval(() => heardAt !== null && show(), TICK_MS);
  return {
    heard() {
      heardAt = Date.now();
      connected = true;
      show();
    },
    lost() {
      connected = false;
      show();
    },
  };
}
