/** @file Colours for what is printed: on a terminal that shows them, and nowhere else unless asked. */
import pc from 'picocolors';

/** What the choice depends on: where the text goes, and the environment. */
interface Destination {
  isTTY?: boolean;
}

/**
 * The colours for text that goes to a stream. Each stream is looked at by itself, so that `2> errors.txt` holds no control
 * characters while the terminal has its colours; and a build server (`CI=1`) gets them only if it says so.
 *
 * `NO_COLOR` (https://no-color.org) rules colours out, `FORCE_COLOR` other than `0` or `false` rules them in
 * (https://force-color.org), `TERM=dumb` is a terminal without.
 *
 * @example
 * console.error(colorsFor(process.stderr).red('error:'), 'no such file');
 */
export function colorsFor(
  stream: Destination,
  env: NodeJS.ProcessEnv = process.env,
): ReturnType<typeof pc.createColors> {
  return pc.createColors(hasColors(stream, env));
}

function hasColors({ isTTY = false }: Destination, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY && TERM !== 'dumb';
}
