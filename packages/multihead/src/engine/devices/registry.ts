/** @file The registry of devices. A new device is one file in this folder and one row here. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { cpu } from './cpu.js';
import type { Device } from './device.js';
import { webgpu } from './webgpu.js';

/** The devices by name. */
export const devices = { cpu, webgpu } satisfies Readonly<Record<string, Device>>;

/** The name of a device: `cpu`, or `webgpu` (experimental). */
export type DeviceName = keyof typeof devices;

/** The names of all devices. */
export const deviceNames = Object.keys(devices) as readonly DeviceName[];

/**
 * Looks up a device by name.
 *
 * @throws UserError for a name that no device has
 */
export function deviceNamed(name: string): Device {
  if (Object.hasOwn(devices, name)) return devices[name as DeviceName];
  const likely = likelyName(name, deviceNames);
  throw new UserError(
    `there is no device "${name}"; there are: ${deviceNames.join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
  );
}

let usual: Device = cpu;

/** The default device of models. */
export const defaultDevice = (): Device => usual;

/** Sets the default device of models, like PyTorch's `set_default_device`. */
export function setDefaultDevice(device: Device): void {
  usual = device;
}
