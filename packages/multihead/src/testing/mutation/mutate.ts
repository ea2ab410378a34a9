/** @file Damage to files, decided by a seed: bytes flipped, cut, inserted, repeated and swapped; JSON bent in its structure. */
import type { Random } from '../../platform/random.js';

const pick = <Item>(items: readonly Item[], random: Random): Item => items[random.below(items.length)] as Item;

/** What stands for a stretch of text that no value of JavaScript is written as: an overflowing number, deep nesting. */
const rawMark = 'raw text 7f3a:';

const depth = 20_000;
const oddValues: readonly unknown[] = [
  ...[null, true, false, '', 'x', 0, -1, 1.5, 1e9, 2 ** 53, 1e308, [], {}, [[]], [null], { '': null }],
  ...[`${rawMark}1e999`, `${rawMark}-1e999`, `${rawMark}123456789012345678901234567890`],
  `${rawMark}${'['.repeat(depth)}${']'.repeat(depth)}`,
  `${rawMark}${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  ...[`${rawMark}{"__proto__": {"x": 1}}`, `${rawMark}"\\ud800"`, `${rawMark}"\\u0000"`, 'x'.repeat(100_000)],
];

/** Damages bytes in one to three places. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged = [...bytes];
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(damaged.length + 1);
    const length = 1 + random.below(pick([1, 4, 64], random));
    const stretch = damaged.slice(at, at + length);
    switch (random.below(6)) {
      case 0: // flip a bit
        if (at < damaged.length) damaged[at] = (damaged[at] as number) ^ (1 << random.below(8));
        break;
      case 1: // cut the end off
        damaged = damaged.slice(0, at);
        break;
      case 2: // cut something out
        damaged.splice(at, length);
        break;
      case 3: // insert
        damaged.splice(at, 0, ...Array.from({ length }, () => random.below(256)));
        break;
      case 4: // repeat
        damaged.splice(at, 0, ...stretch);
        break;
      default: {
        // swap
        const other = random.below(damaged.length + 1);
        const moved = damaged.splice(at, length);
        damaged.splice(Math.min(other, damaged.length), 0, ...moved);
      }
    }
  }
  return Uint8Array.from(damaged);
}

/** Damages the structure of a JSON text in one to three places: what comes is JSON still, but for a name that is odd. */
export function mutateJson(text: string, random: Random): string {
  let root: unknown = JSON.parse(text);
  for (let times = 1 + random.below(3); times > 0; times--) root = mutateValue(root, random);
  return JSON.stringify(root).replaceAll(new RegExp(`"${rawMark}((?:[^"\\\\]|\\\\.)*)"`, 'g'), (_, raw: string) =>
    JSON.parse(`"${raw}"`),
  );
}

/** Goes down from the root, a random child a level, and damages what it comes to. */
function mutateValue(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return otherValue(value, random);
  const keys = Object.keys(value);
  const key = pick(keys, random);
  const children = value as Record<string, unknown>;
  if (random.uniform() < 0.65) {
    children[key] = mutateValue(children[key], random);
    return value;
  }
  const kept = Object.entries(children).filter(([name]) => name !== key);
  const isList = Array.isArray(value);
  switch (random.below(5)) {
    case 0: // leave out
      return isList ? kept.map(([, child]) => child) : Object.fromEntries(kept);
    case 1: // rename, or repeat an element
      if (isList) return [...value, children[key]];
      return Object.fromEntries([...kept, [pick(['', '__proto__', 'constructor', `${key}x`], random), children[key]]]);
    case 2: {
      // swap two children
      const other = pick(keys, random);
      [children[key], children[other]] = [children[other], children[key]];
      return value;
    }
    case 3: // a list in the place of an object, and the other way round
      return isList ? { ...value } : Object.values(value);
    default:
      return otherValue(value, random);
  }
}

/** Something else: near to a number, or odd. */
function otherValue(value: unknown, random: Random): unknown {
  if (typeof value === 'number' && random.uniform() < 0.4) {
    return pick([value + 1, value - 1, -value, value * 2, value / 2, value * 1000, String(value)], random);
  }
  if (typeof value === 'string' && random.uniform() < 0.3) return pick([`${value}x`, value.slice(1), [value]], random);
  return structuredClone(pick(oddValues, random));
}

/** Damages a safetensors file: its bytes, the length of its header, or the structure of the header. */
export function mutateSafetensors(bytes: Uint8Array, random: Random): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const kind = random.below(4);
  if (kind === 0) return mutateBytes(bytes, random);
  if (kind === 1) {
    const begin = mutateBytes(bytes.subarray(0, 8 + length), random);
    return Buffer.concat([begin, bytes.subarray(8 + length)]);
  }
  const damaged = new Uint8Array(8);
  const write = (value: bigint) => new DataView(damaged.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  if (kind === 2) {
    const odd = [0n, 1n, 2n, BigInt(length - 1), BigInt(length + 1), BigInt(bytes.length), 99_999_999n, 2n ** 40n, -1n];
    write(pick(odd, random));
    return Buffer.concat([damaged, bytes.subarray(8)]);
  }
  const header = Buffer.from(mutateJson(Buffer.from(bytes.subarray(8, 8 + length)).toString(), random));
  write(BigInt(header.length));
  return Buffer.concat([damaged, header, bytes.subarray(8 + length)]);
}
