/**
 * @file A GPU, through the WebGPU provider of ONNX Runtime's Node package (over Vulkan on Linux, Metal on macOS,
 *   Direct3D 12 on Windows).
 *
 * Experimental: parameters and batches are copied to the device at each run, and what counts shapes and positions
 * (whole numbers) is computed on the CPU, as ONNX Runtime itself assigns it.
 */
import { UserError } from '../../platform/errors.js';
import type { Device } from './device.js';

/** The WebGPU device. Without an adapter it is refused; there is no fallback to the CPU. */
export const webgpu: Device = {
  name: 'webgpu',
  description: 'the GPU, through WebGPU (experimental)',
  target: 'portable',
  // Two sessions that run at a time bring the process down (onnxruntime issue 32561).
  isExclusive: true,
  sessionOptions: { executionProviders: ['webgpu'] },
  async available(tryOut) {
    try {
      await tryOut();
    } catch (cause) {
      const reason = /Failed to get a WebGPU adapter: (.*)/.exec(String(cause))?.[1] ?? (cause as Error).message;
      throw new UserError(
        `device webgpu cannot run on this machine: ${reason.trim()}. It needs a graphics processor and its ` +
          "driver (on Linux Vulkan's: libvulkan1 and a driver such as mesa-vulkan-drivers). Use device cpu instead.",
        { cause },
      );
    }
  },
};
