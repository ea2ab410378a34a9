/** @file `--device` of every command that computes: where it does. */
import type { Command } from 'commander';
import { chooseDevice, deviceHelp } from '../../models/default-device.js';

/**
 * Adds `--device` to each command that has `--model` and no `--device` of its own; what it loads computes there, or is refused
 * before it begins.
 */
export function addDevices(program: Command): void {
  const has = ({ options }: Command, flag: string): boolean => options.some(({ long }) => long === flag);
  for (const command of program.commands.filter((each) => has(each, '--model') && !has(each, '--device'))) {
    command.option('--device <name>', `where it computes: ${deviceHelp} (default: cpu)`);
    command.hook('preAction', async () => {
      const { device } = command.opts<{ readonly device?: string }>();
      if (device === undefined) return;
      await chooseDevice(device);
      command.setOptionValue('device', undefined); // carried out: it is none of the options that the command passes on
    });
  }
}
