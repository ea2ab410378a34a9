/** @file What `multihead chat` does: lines of a terminal or a pipe are messages, and answers are written as they come. */
import { createInterface, type Interface } from 'node:readline';
import type { TextGenerationOptions } from '../../../inference/generation/text-generation.js';
import { pipeline } from '../../../inference/pipeline.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import { endBySignal, onSignal } from '../../exit.js';
import { forStream, printNote } from '../../output/print.js';
import { Conversation } from './conversation.js';

/** The command's options. */
export interface ChatArguments extends TextGenerationOptions {
  readonly model: string;
  readonly system?: string;
  readonly dtype?: DtypeName;
  readonly verbose?: boolean;
}

/** Runs the command. */
export async function chat({ model, system, dtype, verbose: _, ...options }: ChatArguments): Promise<void> {
  const generator = await pipeline('text-generation', model, { dtype });
  const conversation = new Conversation(generator, options, system);
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    ...(isTerminal && { output: process.stdout }),
    terminal: isTerminal,
    prompt: '> ',
  });
  const interrupt = () => {
    if (conversation.stop()) return;
    lines.close(); // gives the terminal back as it was
    endBySignal('SIGINT');
  };
  lines.on('SIGINT', interrupt); // a terminal that is read key by key makes no signal of Ctrl-C
  const release = onSignal((signal) => (signal === 'SIGINT' ? interrupt() : endBySignal(signal)));
  try {
    if (isTerminal) printNote('/clear begins a new conversation, /system TEXT instructs the model, /exit ends.');
    await converse(lines, conversation, isTerminal);
  } finally {
    lines.close();
    release();
    await generator.dispose();
  }
}

/** Answers line by line. */
async function converse(lines: Interface, conversation: Conversation, isTerminal: boolean): Promise<void> {
  if (isTerminal) lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (isTerminal && text === '/exit') return;
    const command = isTerminal ? commandOf(text) : undefined;
    if (command) command(conversation);
    else if (text !== '') await answer(conversation, text, isTerminal);
    if (isTerminal) lines.prompt();
  }
}

/** What a line that begins with a slash does; undefined for a message. */
function commandOf(text: string): ((conversation: Conversation) => void) | undefined {
  if (!text.startsWith('/')) return undefined;
  const [name, ...rest] = text.split(' ');
  if (name === '/clear') return (conversation) => conversation.clear();
  if (name === '/system') return (conversation) => conversation.instruct(rest.join(' ').trim());
  return () => printNote(`there is no command ${name}; there are /clear, /system TEXT and /exit`);
}

/** Writes the answer to a message. In a terminal, a message that cannot be answered does not end the conversation. */
async function answer(conversation: Conversation, text: string, isTerminal: boolean): Promise<void> {
  try {
    for await (const piece of conversation.answer(text)) process.stdout.write(forStream(piece, process.stdout));
    process.stdout.write('\n');
  } catch (error) {
    if (!isTerminal || !(error instanceof UserError)) throw error;
    printNote(error.message);
  }
}
