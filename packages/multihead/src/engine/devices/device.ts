/** @file The contract of a device, on which ONNX Runtime computes. */
import type { InferenceSession } from 'onnxruntime-common';
import type { GraphTarget } from '../../tensor/operator.js';

/** A device: one file of this folder, and one row in `registry.ts`. */
export interface Device {
  /** The name of the device as an option, such as `webgpu`. */
  readonly name: string;
  /** One line of help text: what it is, and what it needs. */
  readonly description: string;
  /** Export target of graphs, which determines the operators that they may use. */
  readonly target: GraphTarget;
  /** Whether only one engine of a process may compute at a time. */
  readonly isExclusive: boolean;
  /** Session options of the device. */
  readonly sessionOptions: Pick<InferenceSession.SessionOptions, 'executionProviders'>;
  /**
   * Checks whether this machine can run the device. Called once in the engine's worker, before the first session.
   *
   * @param tryOut runs a tiny graph on the device, and throws what ONNX Runtime throws
   * @throws UserError that says why not, and what to do; there is no fallback to another device
   */
  available(tryOut: () => Promise<void>): Promise<void>;
}
