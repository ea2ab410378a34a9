/** @file What a schema does not accept, in words. */
import type { z } from 'zod';
import { ServeError } from './serve-error.js';

/** The first fault of a request as an error that names the field. */
export function schemaError({ issues }: Pick<z.ZodError, 'issues'>): ServeError {
  const { path, message } = closest(issues[0] as z.core.$ZodIssue);
  const param = nameOf(path);
  const where = param === '' ? 'the body' : param;
  return new ServeError(`${where}: ${message.replace(/^Invalid input: /, '')}`, {
    status: 400,
    code: 'invalid_value',
    ...(param !== '' && { param }),
  });
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of the forms that a value may have, the fault of that which fits best: in which the fault lies deepest. */
function closest(issue: z.core.$ZodIssue): Fault {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const faults = issue.errors.flatMap(([first]) => (first ? [closest(first)] : []));
  const deepest = Math.max(...faults.map(({ path }) => path.length));
  const found = faults.filter(({ path }) => path.length === deepest);
  const [fault] = found;
  if (!fault) return issue;
  const messages = [...new Set(found.map(({ message }) => message.replace(/^Invalid input: /, '')))];
  return {
    path: [...issue.path, ...fault.path],
    message: deepest > 0 ? (messages[0] as string) : messages.join(', or '),
  };
}

/** The path of a field: `inputs[3].text`. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('');
