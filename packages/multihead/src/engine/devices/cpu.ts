/** @file The CPU, through ONNX Runtime's CPU provider. */
import type { Device } from './device.js';

/** The CPU device. It runs everywhere, and uses ONNX Runtime's fused operators. */
export const cpu: Device = {
  name: 'cpu',
  description: 'the CPU',
  target: 'cpu',
  isExclusive: false,
  sessionOptions: { executionProviders: ['cpu'] },
  available: () => Promise.resolve(),
};
