/** @file The models of a command line. */
import { UserError } from '../../../platform/errors.js';

/**
 * Models by their names: `NAME=FOLDER` or, by its last part, `FOLDER`.
 *
 * @throws UserError for no name, and for two models of one name
 */
export function namedModels(models: readonly string[]): Record<string, string> {
  const named = new Map<string, string>();
  for (const model of models) {
    const [, given, place = ''] = /^(?:([^=/\\]*)=)?(.*)$/.exec(model) ?? [];
    const name =
      given ??
      place
        .replace(/[/\\]+$/, '')
        .split(/[/\\]/)
        .at(-1) ??
      '';
    if (name === '' || place === '') throw new UserError(`"${model}" names no model; expected FOLDER or NAME=FOLDER`);
    if (named.has(name)) {
      throw new UserError(`two models have the name "${name}"; give one of them another: OTHER=${place}`);
    }
    named.set(name, place);
  }
  return Object.fromEntries(named);
}
