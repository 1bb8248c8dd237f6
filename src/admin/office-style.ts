/**
 * What AdminJS's own looks lack: room for our actions, labels one can read, rows that do not break in the middle, the
 * navigation in sight from 1024 px on, and on a phone more of a list than one column.
 */
export const OFFICE_STYLE = `<style>
.adminjs_ActionHeader > section:last-child { display: flex; flex-wrap: wrap; align-items: center; column-gap: 24px; }
.adminjs_ActionHeader > section:last-child > section { flex-shrink: 1; }
.adminjs_ActionHeader .adminjs_ButtonGroupItem { margin-bottom: 8px; }
.adminjs_ActionHeader h2 { white-space: nowrap; font-weight: 700; font-size: 26px; line-height: 34px; }
.adminjs_ActionHeader > section:last-child :is(a, button) { padding-left: 14px; padding-right: 14px; }
[data-css$="show-drawer-content"] label { color: #475569; font-weight: 500; }
.adminjs_Text { font-weight: 400; }
[data-css="outbox-show-data"] { white-space: pre-wrap; }
table.adminjs_Table td { padding: 12px 10px; }
table.adminjs_Table td:first-child { padding-left: 0; }
table.adminjs_Table tbody td a { padding: 0; text-align: left; justify-content: flex-start; }
table.adminjs_Table tbody td { overflow-wrap: anywhere; }
table.adminjs_Table td[data-property-name] { min-width: 90px; }
table.adminjs_Table td[data-property-name="sender"] { min-width: 140px; }
[data-css$="filter-drawer"].hidden { box-shadow: none; }
section[data-css="sidebar"] { width: 240px; }
section[data-css="sidebar"].hidden { left: -240px; }
.office-menu { display: flex; padding: 4px; border: 0; background: none; color: inherit; cursor: pointer; }
@media (max-width: 600px) {
  .office-role { display: none; }
  .adminjs_ActionHeader h2, .adminjs_ActionHeader h2 > * { white-space: normal; height: auto; }
  .adminjs_ActionHeader h2 > * { display: inline-block; max-width: 100%; }
}
@media (max-width: 1023px) {
  table.adminjs_Table { display: block; overflow-x: auto; }
  table.adminjs_Table td:not(:first-child, :last-child) { display: table-cell; min-width: 120px; }
}
@media (min-width: 1024px) {
  section[data-css="sidebar"] { position: static; }
  .office-menu { display: none; }
}
</style>`;
