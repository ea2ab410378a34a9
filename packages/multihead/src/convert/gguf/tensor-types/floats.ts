/** @file Tensors whose numbers are not quantized. */
import { blockType, float16At, type TensorType } from './tensor-type.js';

const bits = new Uint32Array(1);
const number = new Float32Array(bits.buffer);

const f32 = blockType('F32', 1, 4, (bytes, at, into, to) => {
  into[to] = bytes.getFloat32(at, true);
});

const f16 = blockType('F16', 1, 2, (bytes, at, into, to) => {
  into[to] = float16At(bytes, at);
});

/** The upper half of a float32. */
const bf16 = blockType('BF16', 1, 2, (bytes, at, into, to) => {
  bits[0] = bytes.getUint16(at, true) << 16;
  into[to] = number[0] as number;
});

/** By ggml's numbers. */
export const floats: Readonly<Record<number, TensorType>> = { 0: f32, 1: f16, 30: bf16 };
