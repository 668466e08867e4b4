\set g random_gaussian(0, 20000, 3)
\set v int(exp(9 + 7.8 * (:g - 10000) / 10000.0))
SELECT id, card, victims_desc FROM incidents WHERE listed AND (victims_desc, id) < (:v, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY victims_desc DESC, id DESC LIMIT 21;
