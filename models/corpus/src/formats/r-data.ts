/** @file The character vectors of an R package's data (`Rdata.rdb`). */
import { inflateSync } from 'node:zlib';

/** Of a vector's element: CHARSXP with the bits for ASCII, UTF-8 or Latin-1, as R's serialize() writes it. */
const ELEMENT = new Set([0x00040009, 0x00008009, 0x00004009, 0x00040008, 0x00000009]);
const CHARACTER_VECTOR = 16;

/**
 * The lines of each character vector in a lazy-load database: blocks of a big-endian length, then zlib, that hold R's
 * serialization in XDR format (R Internals, section 1.8). Everything but top-level character vectors is passed over.
 */
export function rDataToLines(database: Uint8Array): string[][] {
  const view = new DataView(database.buffer, database.byteOffset, database.byteLength);
  const sizes = blockStarts(database);
  return sizes
    .map((start, block) => {
      const end = sizes[block + 1] ?? database.byteLength;
      const plainSize = view.getUint32(start);
      const bytes = inflateSync(database.subarray(start + 4, end));
      if (bytes.byteLength !== plainSize) throw new Error(`block ${block} at byte ${start}: its size is wrong`);
      return vector(bytes);
    })
    .filter((lines) => lines.length > 0);
}

/** A block has no compressed length: the next starts where a length and a zlib header (78 9C) follow its end. */
function blockStarts(database: Uint8Array): number[] {
  const starts: number[] = [];
  for (let at = 0; at + 6 < database.byteLength; at += 1) {
    if (database[at] !== 0 || database[at + 4] !== 0x78 || database[at + 5] !== 0x9c) continue;
    starts.push(at);
  }
  return starts;
}

function vector(bytes: Buffer): string[] {
  // "X\n", three versions, and since version 3 the native encoding behind its length.
  let at = 2 + 12;
  if (bytes.readUInt32BE(2) === 3) at += 4 + bytes.readUInt32BE(at);
  if ((bytes.readUInt32BE(at) & 0xff) !== CHARACTER_VECTOR) return [];
  const count = bytes.readUInt32BE(at + 4);
  at += 8;
  const lines: string[] = [];
  for (let element = 0; element < count; element += 1) {
    const flags = bytes.readUInt32BE(at);
    if (!ELEMENT.has(flags)) throw new Error(`element ${element}: unknown flags 0x${flags.toString(16)}`);
    const length = bytes.readUInt32BE(at + 4);
    lines.push(bytes.toString('utf8', at + 8, at + 8 + length));
    at += 8 + length;
  }
  return lines;
}
