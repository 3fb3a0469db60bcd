// @ts-check
import { spawn } from 'node:child_process';
import { root, toolEnv } from './places.mjs';

/**
 * Runs a program to its end with its output kept back.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal }} [options] `signal` ends the program
 * @returns {Promise<{ stdout: string, output: string }>} `output` has stderr too
 * @throws {CommandError} when it ends with anything but 0
 */
export function run(command, args, { env = toolEnv(), signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.once('error', (error) => reject(new CommandError(`${command}: ${error.message}`, '')));
    child.once('close', (code, signal) => {
      if (code === 0) resolve({ stdout, output });
      else reject(new CommandError(`${command} ${args.join(' ')} ended with ${signal ?? code}`, output.trim()));
    });
  });
}

/** A program failed; `output` is what it had to say. */
export class CommandError extends Error {
  /** @param {string} message @param {string} output */
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}
