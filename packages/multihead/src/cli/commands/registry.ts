/**
 * @file The commands that there are. A new one is a folder beside this and a row here. A command's options bring schemas,
 * registries and models with them, so that they are loaded only for the command that is called, and help and errors answer at
 * once.
 */
import type { Command } from 'commander';

/** A command, before its options are loaded. */
interface CommandRow {
  readonly description: string;
  /** What stands behind the name in the list of commands. */
  readonly usage: string;
  /** Adds the arguments and options, and what the command does. */
  set(command: Command): Promise<void>;
}

/** The commands by their names, in the order of the help. */
export const commands: Readonly<Record<string, CommandRow>> = {
  train: {
    description: 'fine-tune a pretrained model, or train one from scratch',
    usage: '[options] <task>',
    set: async (command) => (await import('./train/train-command.js')).setTrainCommand(command),
  },
  search: {
    description: 'search for the settings that fine-tune a model best',
    usage: '[options] <task>',
    set: async (command) => (await import('./search/search-command.js')).setSearchCommand(command),
  },
  pretrain: {
    description: 'pretrain a language model on plain text',
    usage: '[options] <task>',
    set: async (command) => (await import('./pretrain/pretrain-command.js')).setPretrainCommand(command),
  },
  evaluate: {
    description: 'evaluate a trained model on examples',
    usage: '[options] <task>',
    set: async (command) => (await import('./evaluate/evaluate-command.js')).setEvaluateCommand(command),
  },
  compare: {
    description: 'compare two runs on the same examples by a paired bootstrap test',
    usage: '[options] <first> <second>',
    set: async (command) => (await import('./compare/compare-command.js')).setCompareCommand(command),
  },
  predict: {
    description: 'predict with a trained model',
    usage: '[options] <task> [texts...]',
    set: async (command) => (await import('./predict/predict-command.js')).setPredictCommand(command),
  },
  embed: {
    description: 'compute sentence embeddings',
    usage: '[options] [file]',
    set: async (command) => (await import('./embed/embed-command.js')).setEmbedCommand(command),
  },
  'search-texts': {
    description: 'find the texts of a file that are nearest to a query',
    usage: '[options] [queries...]',
    set: async (command) => (await import('./search-texts/search-texts-command.js')).setSearchTextsCommand(command),
  },
  generate: {
    description: 'continue a text with a causal language model, such as GPT-2 or Llama',
    usage: '[options]',
    set: async (command) => (await import('./generate/generate-command.js')).setGenerateCommand(command),
  },
  chat: {
    description: 'hold a conversation with a model that was trained on conversations',
    usage: '[options]',
    set: async (command) => (await import('./chat/chat-command.js')).setChatCommand(command),
  },
  perplexity: {
    description: 'measure the perplexity of a causal language model on a text',
    usage: '[options] <file>',
    set: async (command) => (await import('./perplexity/perplexity-command.js')).setPerplexityCommand(command),
  },
  info: {
    description: 'show the contents of a model folder',
    usage: '[options] <model>',
    set: async (command) => (await import('./info/info-command.js')).setInfoCommand(command),
  },
  tokenizer: {
    description: 'train tokenizers',
    usage: '[options] [command]',
    set: async (command) => (await import('./tokenizer/tokenizer-command.js')).setTokenizerCommand(command),
  },
  convert: {
    description: "convert models of other programs to Hugging Face's layout",
    usage: '[options] [command]',
    set: async (command) => (await import('./convert/convert-command.js')).setConvertCommand(command),
  },
  merge: {
    description: 'merge a LoRA adapter into its base model',
    usage: '[options] <adapter>',
    set: async (command) => (await import('./merge/merge-command.js')).setMergeCommand(command),
  },
  export: {
    description: 'write a model for transformers.js and ONNX Runtime: onnx/model.onnx and what belongs to it',
    usage: '[options]',
    set: async (command) => (await import('./export/export-command.js')).setExportCommand(command),
  },
  serve: {
    description: 'answer requests over HTTP: a route for each task, and those of OpenAI',
    usage: '[options] [models...]',
    set: async (command) => (await import('./serve/serve-command.js')).setServeCommand(command),
  },
};

/** Adds a command; with its options where it is the one that is called. */
export async function addCommand(program: Command, name: string, isCalled: boolean): Promise<void> {
  const { description, usage, set } = commands[name] as CommandRow;
  const command = program.command(name).description(description).usage(usage);
  if (isCalled) await set(command);
}

/** The command that a command line names; also of `multihead help NAME`. */
export function calledCommand(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  return first === 'help' ? second : first;
}
