/** @file Whether a device can run here, found out before anything is computed on it. */
import { createEngine } from '#engine';
import type { Device } from './device.js';
import { deviceNamed } from './registry.js';

/**
 * Resolves to the device of a name, where this machine can run it.
 *
 * @throws UserError for a name that no device has, and where the device cannot run: why not, and what to do
 */
export async function requireDevice(name: string): Promise<Device> {
  const device = deviceNamed(name);
  const engine = createEngine({ device: device.name });
  try {
    await engine.ready();
    return device;
  } finally {
    await engine.close();
  }
}
