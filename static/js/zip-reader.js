// Reads a zip without trusting it: nothing that climbs out, nothing encrypted, no bomb (PKWARE APPNOTE 6.3.10).

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const UTF8 = 0x800;
const MOST_ENTRIES = 5_000;
const MOST_BYTES = 20 * 1024 * 1024;

/** It is no zip, or one that nobody makes in good faith. */
export class BrokenFile extends Error {}

function insist(fact, why) {
  if (!fact) throw new BrokenFile(why);
}

/**
 * Return a map of name → function that reads the entry as bytes. Names are checked, all of them, before anything is
 * read; an entry that grows beyond `mostBytes` stops.
 */
export async function readZip(buffer, { mostBytes = MOST_BYTES, mostEntries = MOST_ENTRIES } = {}) {
  const view = new DataView(buffer);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  insist(count <= mostEntries, "too many entries");
  const entries = new Map();
  let at = view.getUint32(end + 16, true);
  for (let nth = 0; nth < count; nth += 1) {
    insist(at + 46 <= buffer.byteLength && view.getUint32(at, true) === ENTRY, "no entry where one should be");
    const entry = entryAt(buffer, view, at);
    at = entry.next;
    if (!entry.name.endsWith("/")) entries.set(entry.name, () => contentOf(buffer, view, entry, mostBytes));
  }
  return entries;
}

function endOf(view) {
  const first = Math.max(0, view.byteLength - END_SIZE - LONGEST_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= first; at -= 1) if (view.getUint32(at, true) === END) return at;
  throw new BrokenFile("no end");
}

function entryAt(buffer, view, at) {
  const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
  insist(at + 46 + nameLength <= buffer.byteLength, "a name beyond the end");
  const flags = view.getUint16(at + 8, true);
  const decoder = new TextDecoder(flags & UTF8 ? "utf-8" : "latin1");
  const name = decoder.decode(new Uint8Array(buffer, at + 46, nameLength));
  insist(!climbs(name), "a path that climbs out");
  insist(!(flags & ENCRYPTED), "encrypted");
  return {
    name,
    method: view.getUint16(at + 10, true),
    size: view.getUint32(at + 20, true),
    local: view.getUint32(at + 42, true),
    next: at + 46 + nameLength + extra + comment,
  };
}

function climbs(name) {
  return /[\\\0]|^\/|^[A-Za-z]:/.test(name) || name.split("/").includes("..");
}

async function contentOf(buffer, view, { method, size, local }, mostBytes) {
  insist(local + 30 <= buffer.byteLength && view.getUint32(local, true) === LOCAL, "no content where it should be");
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  insist(start + size <= buffer.byteLength, "content beyond the end");
  const packed = new Uint8Array(buffer, start, size);
  if (method === STORED) return packed;
  insist(method === DEFLATED, "packed in a way we do not know");
  return inflate(packed, mostBytes);
}

async function inflate(packed, mostBytes) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const parts = [];
  let size = 0;
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > mostBytes) await reader.cancel();
      insist(size <= mostBytes, "a bomb");
      parts.push(value);
    }
  } catch (error) {
    throw error instanceof BrokenFile ? error : new BrokenFile("damaged");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
