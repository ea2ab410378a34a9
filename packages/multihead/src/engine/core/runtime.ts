/** @file The few things that the engine needs of ONNX Runtime, alike for onnxruntime-node and onnxruntime-web. */
import type { Tensor, TensorConstructor } from 'onnxruntime-common';

/** Memory beside a model's bytes. It is read while the session is made. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** A graph, ready to run. */
export interface RuntimeSession {
  /**
   * Runs the graph.
   *
   * @param fetches the outputs to give back, and tensors to write them into; null for a new one. Default: all outputs
   */
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches?: Readonly<Record<string, RuntimeTensor | null>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  /** Frees its memory. */
  release(): Promise<void>;
}

/** ONNX Runtime as a platform has it. */
export interface Runtime {
  /** Makes a session of a model's bytes; with the memory that its constants lie in, by the name that they give it. */
  createSession(bytes: Uint8Array, externalData?: readonly ExternalData[]): Promise<RuntimeSession>;
  readonly Tensor: TensorConstructor;
}

/** A tensor of ONNX Runtime over the caller's memory. */
export type RuntimeTensor = Tensor;
