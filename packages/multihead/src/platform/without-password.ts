/** @file Passwords in URLs, which messages and printed commands do not show. */

/**
 * A URL without its password, neither before the host nor in the parameter `password`. Texts that are not URLs, and URLs without
 * passwords, are returned as they are.
 *
 * @param mask what to show in place of a password
 */
export function withoutPassword(text: string, mask = ''): string {
  const [scheme] = /^[a-z][a-z\d+.-]*:\/\//i.exec(text) ?? [];
  if (scheme === undefined) return text;
  if (!URL.canParse(text)) return `${scheme}***`;
  const url = new URL(text);
  const isParameter = url.searchParams.has('password');
  if (url.password === '' && !isParameter) return text;
  if (url.password !== '') url.password = mask;
  if (isParameter && mask === '') url.searchParams.delete('password');
  else if (isParameter) url.searchParams.set('password', mask);
  return url.href;
}
