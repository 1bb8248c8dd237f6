// `npm start`: from a fresh clone to a running building. Plain Node, since nothing is installed yet.
process.env.TZ = 'UTC';
const { main } = await import('./step.mjs');

await main(async () => {
  const { checkNode, installPackages } = await import('./install.mjs');
  checkNode();
  await installPackages();
  const { build } = await import('./build.mjs');
  await build();
  const { provision, serversNeeded } = await import('./provision.mjs');
  await provision(serversNeeded());
});
process.argv.splice(2, Infinity, 'start');
await import('../dist/bin/wattbook.js');
