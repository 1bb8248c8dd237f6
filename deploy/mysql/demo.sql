-- The demo building lives in a database of its own.
GRANT ALL ON wattbook_demo.* TO 'wattbook'@'%';
