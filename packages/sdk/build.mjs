// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// One file per way of importing, and its types, with the rules of licensing in them: customers install nothing else.
const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
rmSync(dist, { recursive: true, force: true });

await build({
  configFile: false,
  root: here,
  logLevel: 'warn',
  build: {
    outDir: dist,
    target: 'node18',
    minify: false,
    sourcemap: false,
    lib: { entry: join(here, 'src/licensing.ts'), formats: ['es', 'cjs'], fileName: 'licensing' },
    rolldownOptions: { external: /^node:/ },
  },
});

const types = join(dist, 'types');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript-native/package.json')), 'bin/tsc');
const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.types.json', ...options, '--outDir', types], {
  cwd: here,
  stdio: 'inherit',
});

// Types name the workspace's packages; the installed package has none, so they name each other's files.
for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))) {
  const path = join(types, file);
  const text = readFileSync(path, 'utf8').replace(/(['"])@bastionary\/licensing\/([^'"]+)\1/g, (_, quote, module) => {
    const target = relative(dirname(path), join(types, 'licensing/src', `${module}.js`)).replaceAll('\\', '/');
    return quote + target + quote;
  });
  if (text.includes('@bastionary/')) throw new Error(`The types of ${file} need a package that is not installed.`);
  writeFileSync(path, text);
}

// The same types once more for programs that require: a module is what the nearest package.json says.
cpSync(types, join(dist, 'types-cjs'), { recursive: true });
writeFileSync(join(dist, 'types-cjs/package.json'), '{ "type": "commonjs" }\n');
