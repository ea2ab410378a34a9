/**
 * @file ggml's k-quants: blocks of 256 numbers in parts of 16 or 32, each with a small scale of its own under the block's scale d:
 * x = d s q, or x = d s q - dmin m.
 */
import { blockType, float16At, type TensorType } from './tensor-type.js';

const size = 256;

/** Parts of 16: four bits of scale, four of least value; two bits a number. */
const q2_k = blockType('Q2_K', size, 84, (bytes, at, into, to) => {
  const [d, dmin] = [float16At(bytes, at + 80), float16At(bytes, at + 82)];
  for (let i = 0; i < size; i++) {
    // Of each 32 bytes four stretches of 32 numbers are made, by their bits.
    const [stretch, place] = [(i >> 5) & 3, i & 31];
    const q = (bytes.getUint8(at + 16 + 32 * (i >> 7) + place) >> (2 * stretch)) & 3;
    const scale = bytes.getUint8(at + (i >> 4));
    into[to + i] = d * (scale & 15) * q - dmin * (scale >> 4);
  }
});

/** Parts of 16 with six bits of scale; three bits a number, of which the third lies by itself and is subtracted where it is 0. */
const q3_k = blockType('Q3_K', size, 110, (bytes, at, into, to) => {
  const d = float16At(bytes, at + 108);
  for (let i = 0; i < size; i++) {
    const [stretch, place] = [(i >> 5) & 3, i & 31];
    const low = (bytes.getUint8(at + 32 + 32 * (i >> 7) + place) >> (2 * stretch)) & 3;
    const high = (bytes.getUint8(at + place) >> (i >> 5)) & 1;
    const part = i >> 4;
    const low4 = (bytes.getUint8(at + 96 + (part & 7)) >> (part < 8 ? 0 : 4)) & 15;
    const high2 = (bytes.getUint8(at + 104 + (part & 3)) >> (2 * (part >> 2))) & 3;
    into[to + i] = d * ((low4 | (high2 << 4)) - 32) * (low - (high ? 0 : 4));
  }
});

/** The scale and least value of a part of 32: of 12 bytes, six bits each. */
function scaleAndLeast(bytes: DataView, at: number, part: number): readonly [scale: number, least: number] {
  const byte = (i: number) => bytes.getUint8(at + i);
  if (part < 4) return [byte(part) & 63, byte(part + 4) & 63];
  const top = (i: number) => (byte(i) >> 6) << 4;
  return [(byte(part + 4) & 15) | top(part - 4), (byte(part + 4) >> 4) | top(part)];
}

/** Parts of 32 with scale and least value; four bits a number. */
const q4_k = blockType('Q4_K', size, 144, (bytes, at, into, to) => {
  const [d, dmin] = [float16At(bytes, at), float16At(bytes, at + 2)];
  for (let part = 0; part < 8; part++) {
    const [scale, least] = scaleAndLeast(bytes, at + 4, part);
    const [factor, below] = [d * scale, dmin * least];
    for (let i = 0; i < 32; i++) {
      const pair = bytes.getUint8(at + 16 + 32 * (part >> 1) + i);
      into[to + 32 * part + i] = factor * (part & 1 ? pair >> 4 : pair & 15) - below;
    }
  }
});

/** As Q4_K, with a fifth bit. */
const q5_k = blockType('Q5_K', size, 176, (bytes, at, into, to) => {
  const [d, dmin] = [float16At(bytes, at), float16At(bytes, at + 2)];
  for (let part = 0; part < 8; part++) {
    const [scale, least] = scaleAndLeast(bytes, at + 4, part);
    const [factor, below] = [d * scale, dmin * least];
    for (let i = 0; i < 32; i++) {
      const pair = bytes.getUint8(at + 48 + 32 * (part >> 1) + i);
      const high = (bytes.getUint8(at + 16 + i) >> part) & 1;
      into[to + 32 * part + i] = factor * ((part & 1 ? pair >> 4 : pair & 15) | (high << 4)) - below;
    }
  }
});

/** Parts of 16 with eight bits of scale; six bits a number, four and two apart. */
const q6_k = blockType('Q6_K', size, 210, (bytes, at, into, to) => {
  const d = float16At(bytes, at + 208);
  for (let i = 0; i < size; i++) {
    const [halfBlock, stretch, place] = [i >> 7, (i >> 5) & 3, i & 31];
    const pair = bytes.getUint8(at + 64 * halfBlock + 32 * (stretch & 1) + place);
    const low = stretch < 2 ? pair & 15 : pair >> 4;
    const high = (bytes.getUint8(at + 128 + 32 * halfBlock + place) >> (2 * stretch)) & 3;
    into[to + i] = d * bytes.getInt8(at + 192 + (i >> 4)) * ((low | (high << 4)) - 32);
  }
});

/** By ggml's numbers. */
export const kBlocks: Readonly<Record<number, TensorType>> = { 10: q2_k, 11: q3_k, 12: q4_k, 13: q5_k, 14: q6_k };
