/** @file What a device is: a place where ONNX Runtime computes. */
import type { InferenceSession } from 'onnxruntime-common';
import type { GraphTarget } from '../../tensor/operator.js';

/** A device: one file of this folder, and one row in `registry.ts`. */
export interface Device {
  /** Its name as an option, such as `webgpu`. */
  readonly name: string;
  /** One line for the help: what it is, and what it needs. */
  readonly description: string;
  /** What graphs are written for: which operators they may use. */
  readonly target: GraphTarget;
  /** Whether two engines of one process must not compute at a time. */
  readonly isExclusive: boolean;
  /** Its part of the options of each session. */
  readonly sessionOptions: Pick<InferenceSession.SessionOptions, 'executionProviders'>;
  /**
   * Finds out whether this machine can run it. It is asked in the engine's worker, once, before the first session.
   *
   * @param tryOut runs a tiny graph on the device, and throws what ONNX Runtime throws
   * @throws UserError that says why not, and what to do; another device is never taken instead
   */
  available(tryOut: () => Promise<void>): Promise<void>;
}
