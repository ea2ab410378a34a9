/** @file Names that come from outside, from a hub's listing or a model's files, before they become a part of a path. */
import { UserError } from './errors.js';

/** Names that Windows reads as devices, with any ending. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)/i;
/** What Windows takes away from the end of a name: `..` could be written so, or another file be meant. */
const dropped = /[. ]$/;

/**
 * Refuses a name that would lead out of the folder which it is joined to, or that means something else than a file: with
 * `..`, absolute, with a backslash, a control character or an empty part; and, on every system, what Windows reads in
 * another way: a colon (a drive, or another stream of a file), a device's name, a dot or space at the end of a part.
 *
 * @param name  the relative path of a file or folder, its parts separated by `/`
 * @param where what says so, for the error: a file, or a hub's listing
 * @throws UserError quoting the name
 * @example
 * safeName('1_Pooling', 'model/modules.json')      // '1_Pooling'
 * safeName('../../../.bashrc', 'model/modules.json')  // throws
 */
export function safeName(name: unknown, where: string): string {
  const isSafe =
    typeof name === 'string' &&
    name.length <= 1024 &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    !/[\\:\u0000-\u001F\u007F]/.test(name) &&
    name.split('/').every((part) => part !== '' && !dropped.test(part) && !devices.test(part));
  if (isSafe) return name;
  const quoted = JSON.stringify(typeof name === 'string' ? name.slice(0, 200) : name);
  throw new UserError(
    `${where}: names the file ${quoted}; expected a relative path inside the folder, such as "a/b.json"`,
  );
}
