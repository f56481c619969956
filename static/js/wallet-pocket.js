/**
 * Which handle to show. A handle is single-use, and without a network the phone cannot know whether a till used the
 * one it showed. So a handle that was on screen is set aside until the server says that it is still unused; only
 * when nothing else is left does the one that was shown longest ago come back. Pure: no clock, no storage.
 *
 * A pocket is { sources: [{ ref, label, tail, handles: [{ number, shownAt }] }], chosen }. `shownAt` is 0 for a
 * handle that no till can have seen since the server last called it unused.
 */

/** A pocket with nothing in it, before the first stock. */
export const EMPTY = { sources: [], chosen: null };

/** Put a stock from the server in the pocket: what it lists is unused, so everything else is gone. */
export function restock(pocket, stock) {
  const sources = stock.map((source) => ({
    ...source,
    handles: source.handles.map((number) => ({ number, shownAt: 0 })),
  }));
  const known = sources.some((source) => source.ref === pocket.chosen);
  return { sources, chosen: known ? pocket.chosen : (sources[0]?.ref ?? null) };
}

/** Return the source the shopper pays from. */
export function chosenSource(pocket) {
  return pocket.sources.find((source) => source.ref === pocket.chosen);
}

/** Choose what to pay from. */
export function choose(pocket, ref) {
  return { ...pocket, chosen: ref };
}

/** Return the handle to show next, or null when the stock is empty. */
export function nextHandle(pocket) {
  const handles = chosenSource(pocket)?.handles ?? [];
  const longestAgo = handles.reduce(
    (best, handle) => (best === null || handle.shownAt < best.shownAt ? handle : best),
    null,
  );
  return longestAgo?.number ?? null;
}

/** Remember that a handle was on screen at `moment`, so that a till may have used it. */
export function setAside(pocket, number, moment) {
  const mark = (handle) => (handle.number === number ? { ...handle, shownAt: moment } : handle);
  const sources = pocket.sources.map((source) => ({ ...source, handles: source.handles.map(mark) }));
  return { ...pocket, sources };
}

/** Say whether the chosen source still holds a handle. */
export function holds(pocket, number) {
  return (chosenSource(pocket)?.handles ?? []).some((handle) => handle.number === number);
}

/** Return how many handles of the chosen source no till can have seen. */
export function freshCount(pocket) {
  return (chosenSource(pocket)?.handles ?? []).filter((handle) => handle.shownAt === 0).length;
}
