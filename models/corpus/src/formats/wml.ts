/** @file The translatable messages of Wesnoth's markup language (WML), in the order of the story. */

/**
 * The strings marked `_ "..."`, as gettext sees them: a doubled quotation mark stands for one. Comments are left out.
 *
 * @example
 * wmlMessages('message= _ "He said ""no""."');   // ['He said "no".']
 */
export function wmlMessages(source: string): string[] {
  const withoutComments = source.replace(/^\s*#.*$/gm, '');
  return [...withoutComments.matchAll(/(?<!\w)_\s*"((?:[^"]|"")*)"/g)].map(([, message = '']) =>
    message.replaceAll('""', '"'),
  );
}
