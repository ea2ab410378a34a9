/** @file The few things that the engine needs of ONNX Runtime, alike for onnxruntime-node and onnxruntime-web. */
import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-common';

/** ONNX Runtime as a platform has it. */
export interface Runtime {
  /** Makes a session of a model's bytes. */
  createSession(bytes: Uint8Array): Promise<InferenceSession>;
  readonly Tensor: TensorConstructor;
}

/** A tensor of ONNX Runtime over the caller's memory. */
export type RuntimeTensor = Tensor;
