"""The ledger's three hot requests as one would write them with Flask and SQLAlchemy."""

import os
import uuid
from datetime import date, datetime, timezone

from flask import Flask, abort, jsonify, request
from sqlalchemy import MetaData, Table, create_engine, select
from sqlalchemy.orm import defer, registry, relationship, scoped_session, selectinload, sessionmaker

engine = create_engine(os.environ["PEER_DATABASE"], pool_size=4)
session = scoped_session(sessionmaker(engine))
metadata, mapper = MetaData(), registry()
app = Flask(__name__)
app.config["JSON_SORT_KEYS"] = False


def table(name):
    return Table(name, metadata, autoload_with=engine)


class Row:
    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def plain(self, *without):
        columns = self.__table__.columns
        return {c.name: getattr(self, c.name) for c in columns if c.name not in without}


class Actor(Row): pass
class Source(Row): pass
class Incident(Row): pass
class Participant(Row): pass
class Count(Row): pass
class Loss(Row): pass
class Attribution(Row): pass
class Response(Row): pass
class Evidence(Row): pass
class IncidentSource(Row): pass
class ExternalRef(Row): pass
class Revision(Row): pass


for cls, name in {
    Actor: "actors", Source: "sources", Incident: "incidents", Participant: "incident_participants", Count: "counts", Loss: "losses",
    Attribution: "attributions", Response: "responses", Evidence: "evidence", IncidentSource: "incident_sources",
    ExternalRef: "external_refs", Revision: "incident_revisions",
}.items():
    cls.__table__ = table(name)
    t = cls.__table__
    more = {}
    if cls is Participant:
        more["actor"] = relationship(Actor, primaryjoin=t.c.actor_id == Actor.__table__.c.id, foreign_keys=[t.c.actor_id], viewonly=True)
    if cls is Evidence:
        more["source"] = relationship(Source, primaryjoin=t.c.source_id == Source.__table__.c.id, foreign_keys=[t.c.source_id], viewonly=True)
    if cls is IncidentSource:
        more["source"] = relationship(Source, primaryjoin=t.c.source_id == Source.__table__.c.id, foreign_keys=[t.c.source_id], viewonly=True)
    if cls is Response:
        more["actor"] = relationship(Actor, primaryjoin=t.c.actor_id == Actor.__table__.c.id, foreign_keys=[t.c.actor_id], viewonly=True)
    mapper.map_imperatively(cls, t, properties=more)

incident_id = Incident.__table__.c.id
PARTS = {
    "participants": Participant, "counts": Count, "losses": Loss, "attributions": Attribution, "responses": Response,
    "evidence": Evidence, "incident_sources": IncidentSource, "external_refs": ExternalRef,
}
for name, cls in PARTS.items():
    t = cls.__table__
    Incident.__mapper__.add_property(
        name, relationship(cls, primaryjoin=incident_id == t.c.incident_id, order_by=t.c.ordinal, viewonly=True, foreign_keys=[t.c.incident_id]))

HIDDEN = [defer(getattr(Incident, c)) for c in ("card", "document", "search")]
NOT_SHOWN = ("card", "document", "search", "listed", "victims_desc", "victims_low_desc", "disclosed_desc", "occurred_desc")


@app.teardown_appcontext
def end(_):
    session.remove()


@app.get("/v1/incidents")
def incidents():
    rows = session.scalars(
        select(Incident).where(Incident.listed).order_by(Incident.victims_desc.desc(), Incident.id.desc()).limit(20)
        .options(*HIDDEN, selectinload(Incident.participants).selectinload(Participant.actor))).all()
    return jsonify(data=[i.plain(*NOT_SHOWN) | {
        "actors": [p.actor.plain() | {"role": p.role} for p in i.participants]} for i in rows])


@app.get("/v1/incidents/<slug>")
def incident(slug):
    no_text = selectinload(Evidence.source).options(defer(Source.text))
    i = session.scalars(
        select(Incident).where(Incident.slug == slug).options(
            *HIDDEN, selectinload(Incident.participants).selectinload(Participant.actor), selectinload(Incident.counts), selectinload(Incident.losses),
            selectinload(Incident.attributions), selectinload(Incident.responses).selectinload(Response.actor),
            selectinload(Incident.evidence).options(no_text), selectinload(Incident.external_refs),
            selectinload(Incident.incident_sources).selectinload(IncidentSource.source).options(defer(Source.text)))).first()
    if i is None:
        abort(404)
    proof = {}
    for e in i.evidence:
        claim = e.count_id or e.loss_id or e.attribution_id or e.response_id
        proof.setdefault(claim, []).append(e.plain() | {"source": e.source.plain("text", "text_sha256")})
    claims = {kind: [c.plain() | {"evidence": proof.get(c.id, [])} for c in getattr(i, kind)] for kind in ("counts", "losses", "attributions", "responses")}
    return jsonify(i.plain(*NOT_SHOWN) | claims | {
        "participants": [p.actor.plain() | {"role": p.role} for p in i.participants],
        "sources": [s.source.plain("text", "text_sha256") for s in i.incident_sources],
        "external_refs": [r.plain() for r in i.external_refs]})


@app.post("/v1/incidents")
def record():
    """The rows that the ledger writes of an incident without a source, but for the search vector and what is rendered."""
    body, now, ident = request.get_json(), datetime.now(timezone.utc), str(uuid.uuid4())
    named = [p["actor"] for p in body["participants"]]
    actors = {a.slug: a for a in session.scalars(select(Actor).where(Actor.slug.in_(named)))}
    count, response = body["counts"][0], body["responses"][0]
    session.add(Incident(
        id=ident, slug="peer-" + str(ident), title=body["title"], summary=body["summary"], category=body["category"], certainty="confirmed",
        publication="published", disclosed=date.fromisoformat(body["disclosed"]), disclosed_precision="day", countries=body["countries"],
        vectors=body["vectors"], data_classes=body["data_classes"], payment_methods=[], tags=[], first_published_at=now, version=1, created_at=now,
        updated_at=now, victims=count["quantity"], victims_high=count["quantity"], victims_unit=count["unit"], victims_support="quoted", payment=True,
        unanswered=False, contested=False, card={}, document={}, etag="1", search=""))
    session.flush()
    for n, p in enumerate(body["participants"]):
        session.add(Participant(incident_id=ident, actor_id=actors[p["actor"]].id, role=p["role"], ordinal=n))
    session.add(Count(incident_id=ident, id=str(uuid.uuid4()), ordinal=0, unit=count["unit"], qualifier=count["qualifier"], high=count["quantity"], headline=True))
    session.add(Response(
        incident_id=ident, id=str(uuid.uuid4()), ordinal=0, actor_id=actors[response["actor"]].id, kind=response["kind"], status="done",
        date=date.fromisoformat(response["date"]), date_precision="day", summary=response["summary"], via_unnamed_source=False))
    session.add(Revision(incident_id=ident, version=1, at=now, author="peer", action="record", document=body))
    session.commit()
    return jsonify(id=str(ident)), 201
