// @ts-check
// `npm start`. This file stays readable to old versions of Node, so that they can be told so.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Bastionary needs Node.js 20.19 or later to start (this is ${process.versions.node}).`);
  process.exit(1);
}
const { start } = await import('./start/start-installation.mjs');
process.exit(await start());
