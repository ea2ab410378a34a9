/** @file Validation of an optimizer's settings, with messages that name the setting and its limits. */
import { UserError } from '../../platform/errors.js';
import { parseOptions } from '../../platform/option-schemas.js';
import type { OptimizerDefinition } from './optimizer.js';

/**
 * Validates an optimizer's settings and fills in defaults.
 *
 * @throws UserError that names the setting, its value and what was expected
 */
export function checkedSettings(
  { name, settings }: OptimizerDefinition,
  args: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new UserError(`optimArgs is ${JSON.stringify(args)}; it must be an object such as { momentum: 0.9 }`);
  }
  return parseOptions(settings, args, { of: `optimArgs of ${name}`, prefix: 'optimArgs: ' });
}
