/** @file The one error class for what a user can mend. */

/**
 * An error in what the user gave: a file, an option, a shape. Its message says what was wrong, where, what was expected
 * and what to do; the command line prints it without a stack trace. Any other error is a fault of Multihead's own.
 *
 * @example
 * throw new UserError(`${path}: no column "label" (columns: text, intent). Name it with --label intent.`);
 */
export class UserError extends Error {
  override name = 'UserError';

  constructor(message: string, options?: ErrorOptions) {
    super(
      message.length > longest ? `${message.slice(0, longest - 500)} ... ${message.slice(-400)}` : message,
      options,
    );
  }
}

/** A message may quote what a file holds, which may be of any length; of what is longer than this, the middle is left out. */
const longest = 2000;
