/** @file The side of a peer: answers JSON lines with JSON lines. `Peer` asks. */
import { createInterface } from 'node:readline';

/**
 * Prints a line about the process, then answers each line of standard input with one, until it is `{"quit": true}` or the input ends.
 *
 * @param answer undefined for a question that it does not know
 */
export async function answerQuestions<Question>(
  about: object,
  answer: (question: Partial<Question>) => Promise<object | undefined>,
): Promise<void> {
  console.log(JSON.stringify(about));
  for await (const line of createInterface({ input: process.stdin })) {
    const question = JSON.parse(line) as Partial<Question> & { readonly quit?: boolean };
    if (question.quit) return;
    console.log(JSON.stringify((await answer(question)) ?? { error: `not understood: ${line}` }));
  }
}
