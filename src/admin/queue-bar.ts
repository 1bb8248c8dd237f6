/** Above Bull Board: the way back, and the switch that lets it change jobs. */
export function queueBar(state: { changes: boolean; mayChange: boolean }, nonce: string): string {
  const mode = state.changes ? 'Changes are allowed for a quarter of an hour.' : 'Read-only.';
  const label = state.changes ? 'Back to read-only' : 'Allow changes for 15 minutes';
  const button = state.mayChange ? `<button type="button" id="wattbook-switch">${label}</button>` : '';
  return `<style>
#wattbook-bar { position: fixed; z-index: 1000; right: 1rem; bottom: 1rem; display: flex; gap: 1rem; align-items: center; padding: .6rem 1rem;
  font: 14px/1.4 system-ui, sans-serif; color: #fff; background: ${state.changes ? '#9a3412' : '#17242d'}; border-radius: 10px; box-shadow: 0 4px 16px #0004; }
#wattbook-bar a { color: #9ee7d8; }
#wattbook-bar button { font: inherit; color: inherit; background: #fff2; border: 1px solid #fff6; border-radius: 6px; padding: .2rem .7rem; cursor: pointer; }
</style>
<div id="wattbook-bar"><a href="/admin">Back office</a><span>${mode}</span>${button}</div>
<script nonce="${nonce}">
document.getElementById('wattbook-switch')?.addEventListener('click', async () => {
  const answer = await fetch('/admin/queues/switch', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"changes":${String(!state.changes)}}',
  });
  if (answer.ok) location.reload();
});
</script>`;
}
