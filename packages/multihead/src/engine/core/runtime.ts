/** @file The part of ONNX Runtime's API that the engine uses, common to onnxruntime-node and onnxruntime-web. */
import type { Tensor, TensorConstructor } from 'onnxruntime-common';

/** External data of a model, read while the session is created. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** A session: a graph that is ready to run. */
export interface RuntimeSession {
  /**
   * Runs the graph.
   *
   * @param fetches the outputs to return, and tensors to write them to; null for a new one. Default: all outputs
   */
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches?: Readonly<Record<string, RuntimeTensor | null>>,
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  /** Releases the session's memory. */
  release(): Promise<void>;
}

/** ONNX Runtime on a platform. */
export interface Runtime {
  /** Creates a session from a model's bytes, with its external data. */
  createSession(bytes: Uint8Array, externalData?: readonly ExternalData[]): Promise<RuntimeSession>;
  readonly Tensor: TensorConstructor;
}

/** A tensor of ONNX Runtime over the caller's memory. */
export type RuntimeTensor = Tensor;
