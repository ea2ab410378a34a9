/** @file Checks that a device can run on this machine before anything is computed on it. */
import { createEngine } from '#engine';
import type { Device } from './device.js';
import { deviceNamed } from './registry.js';

/**
 * Looks up a device by name and checks that this machine can run it.
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
