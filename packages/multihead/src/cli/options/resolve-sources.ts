/** @file What happens to the options of every command before it runs: models and data come from the hub, the device is chosen. */
import type { Command } from 'commander';
import { addDevices } from './device-option.js';
import { resolveHubData } from './resolve-hub-data.js';
import { resolveHubModels } from './resolve-hub-model.js';

/** Adds `--revision` and `--device` where a command has `--model`, and what is done before it runs. */
export function resolveSources(program: Command): void {
  resolveHubModels(program);
  addDevices(program);
  resolveHubData(program);
}
