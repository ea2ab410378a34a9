/** @file The processor: ONNX Runtime's CPU provider. */
import type { Device } from './device.js';

/** Runs everywhere, with the operators that ONNX Runtime has fused for it. */
export const cpu: Device = {
  name: 'cpu',
  description: 'the processor',
  target: 'cpu',
  isExclusive: false,
  sessionOptions: { executionProviders: ['cpu'] },
  available: () => Promise.resolve(),
};
