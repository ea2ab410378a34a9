/** @file The device of models for which none is named, chosen for a whole program. */
import { devices, setDefaultDevice } from '../engine/devices/registry.js';
import { requireDevice } from '../engine/devices/require-device.js';

/** The devices with a few words about each, for a help text. */
export const deviceHelp = Object.values(devices)
  .map(({ name, description }) => `${name}, ${description}`)
  .join('; ');

/**
 * Models made from now on compute on a device, where none is named.
 *
 * @throws UserError for a name that no device has, and where this machine cannot run the device
 */
export async function chooseDevice(name: string): Promise<void> {
  setDefaultDevice(await requireDevice(name));
}
