/** @file The default device of a program's models. */
import { devices, setDefaultDevice } from '../engine/devices/registry.js';
import { requireDevice } from '../engine/devices/require-device.js';

export { type DeviceName, deviceNames } from '../engine/devices/registry.js';

/** The devices with a few words about each, for a help text. */
export const deviceHelp = Object.values(devices)
  .map(({ name, description }) => `${name}, ${description}`)
  .join('; ');

/**
 * Sets the default device of models created from now on.
 *
 * @throws UserError for an unknown device, and for one that this machine cannot run
 */
export async function chooseDevice(name: string): Promise<void> {
  setDefaultDevice(await requireDevice(name));
}
