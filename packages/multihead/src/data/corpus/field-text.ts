/** @file The field of a row that holds its text. */
import { UserError } from '../../platform/errors.js';

/**
 * A row's text; empty where it is null.
 *
 * @param where the row's place, for errors
 * @throws UserError where the row lacks the field, or it holds something else
 */
export function fieldText(row: ReadonlyMap<string, unknown>, field: string, where: string): string {
  const value = row.get(field);
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (!row.has(field)) {
    throw new UserError(`${where}: no field "${field}" (fields: ${[...row.keys()].join(', ')}). ${advice}`);
  }
  throw new UserError(`${where}: "${field}" is of type ${typeof value}; a string was expected. ${advice}`);
}

/** How to name another field. */
export const advice = 'Name the field that holds the text with textField.';
