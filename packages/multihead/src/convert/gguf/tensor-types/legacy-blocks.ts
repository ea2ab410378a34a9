/**
 * @file ggml's first quantizations: blocks of 32 numbers with one scale d (type 0) or a scale and a least value m (type 1):
 * x = d q, or x = d q + m. The two halves of a block lie in the low and the high bits of 16 bytes.
 */
import { blockType, float16At, type TensorType } from './tensor-type.js';

const half = 16;
const size = 2 * half;

/** x = d (q - 8) */
const q4_0 = blockType('Q4_0', size, 2 + half, (bytes, at, into, to) => {
  const scale = float16At(bytes, at);
  for (let i = 0; i < half; i++) {
    const pair = bytes.getUint8(at + 2 + i);
    into[to + i] = scale * ((pair & 15) - 8);
    into[to + half + i] = scale * ((pair >> 4) - 8);
  }
});

/** x = d q + m */
const q4_1 = blockType('Q4_1', size, 4 + half, (bytes, at, into, to) => {
  const [scale, least] = [float16At(bytes, at), float16At(bytes, at + 2)];
  for (let i = 0; i < half; i++) {
    const pair = bytes.getUint8(at + 4 + i);
    into[to + i] = scale * (pair & 15) + least;
    into[to + half + i] = scale * (pair >> 4) + least;
  }
});

/** x = d (q - 16); the fifth bits of all numbers stand together. */
const q5_0 = blockType('Q5_0', size, 6 + half, (bytes, at, into, to) => {
  const scale = float16At(bytes, at);
  const high = bytes.getUint32(at + 2, true);
  for (let i = 0; i < half; i++) {
    const pair = bytes.getUint8(at + 6 + i);
    into[to + i] = scale * (((pair & 15) | (((high >>> i) & 1) << 4)) - 16);
    into[to + half + i] = scale * (((pair >> 4) | (((high >>> (i + half)) & 1) << 4)) - 16);
  }
});

/** x = d q + m, of five bits */
const q5_1 = blockType('Q5_1', size, 8 + half, (bytes, at, into, to) => {
  const [scale, least] = [float16At(bytes, at), float16At(bytes, at + 2)];
  const high = bytes.getUint32(at + 4, true);
  for (let i = 0; i < half; i++) {
    const pair = bytes.getUint8(at + 8 + i);
    into[to + i] = scale * ((pair & 15) | (((high >>> i) & 1) << 4)) + least;
    into[to + half + i] = scale * ((pair >> 4) | (((high >>> (i + half)) & 1) << 4)) + least;
  }
});

/** x = d q, of eight bits */
const q8_0 = blockType('Q8_0', size, 2 + size, (bytes, at, into, to) => {
  const scale = float16At(bytes, at);
  for (let i = 0; i < size; i++) into[to + i] = scale * bytes.getInt8(at + 2 + i);
});

/** By ggml's numbers. */
export const legacyBlocks: Readonly<Record<number, TensorType>> = { 2: q4_0, 3: q4_1, 6: q5_0, 7: q5_1, 8: q8_0 };
