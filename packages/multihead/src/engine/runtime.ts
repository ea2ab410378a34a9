/** @file The few things that the engine needs of ONNX Runtime, alike for onnxruntime-node and onnxruntime-web. */
import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-common';

/** Memory beside a model's bytes. It is read while the session is made. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** ONNX Runtime as a platform has it. */
export interface Runtime {
  /** Makes a session of a model's bytes; with the memory that its constants lie in, by the name that they give it. */
  createSession(bytes: Uint8Array, externalData?: readonly ExternalData[]): Promise<InferenceSession>;
  readonly Tensor: TensorConstructor;
}

/** A tensor of ONNX Runtime over the caller's memory. */
export type RuntimeTensor = Tensor;
