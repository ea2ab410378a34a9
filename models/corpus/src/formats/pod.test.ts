import { expect, it } from 'vitest';
import { podToParagraphs } from './pod.js';

it('gives running text, its codes resolved, without commands, code and verbatim paragraphs', () => {
  const pod =
    'my $x = 1;\n\n=head1 NAME\n\nUse B<only I<this>>\nand C<< $a <=> $b >> or C<E<lt>>.X<index> See L<the guide|perlop> and L<perlre>.\n\n' +
    '    verbatim;\n\n=begin html\n\n<p>raw</p>\n\n=end html\n\n=over 4\n\nLast.\n\n=cut\n\nprint;\n';
  expect(podToParagraphs(pod)).toEqual(['Use only this and $a <=> $b or <. See the guide and perlre.', 'Last.']);
});
