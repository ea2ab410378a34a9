/** @file The devices that there are. A new one is one file beside this, and one row here. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { cpu } from './cpu.js';
import type { Device } from './device.js';
import { webgpu } from './webgpu.js';

/** The devices by their names. */
export const devices = { cpu, webgpu } satisfies Readonly<Record<string, Device>>;

/** The name of a device: `cpu`, or `webgpu` (experimental). */
export type DeviceName = keyof typeof devices;

/** All names. */
export const deviceNames = Object.keys(devices) as readonly DeviceName[];

/**
 * The device of a name.
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

/** The device of models for which none is named. */
export const defaultDevice = (): Device => usual;

/** Sets the device of models for which none is named, as PyTorch's `set_default_device` does. */
export function setDefaultDevice(device: Device): void {
  usual = device;
}
