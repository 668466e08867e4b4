SELECT id, card, victims_desc FROM incidents WHERE listed ORDER BY victims_desc DESC, id DESC LIMIT 21;
