# Offsets that are sent to a transaction wait for the group's coordinator. Where
# that one is down, what would have the client look for another is a broker whose
# state changes, which may never come, and the time that the caller has given
# counts for nothing. Here it looks again every half second, until that time is
# over.
/^static void rd_kafka_coord_req_fsm(rd_kafka_t \*rk, rd_kafka_coord_req_t \*creq);$/a\
\
static void rd_kafka_coord_req_tmr_cb(rd_kafka_timers_t *rkts, void *arg);\
\
static void rd_kafka_coord_req_wait(rd_kafka_t *rk,\
                                    rd_kafka_coord_req_t *creq) {\
        creq->creq_waits = rd_true;\
        rd_kafka_timer_start_oneshot(&rk->rk_timers, &creq->creq_tmr, rd_true,\
                                     500 * 1000, rd_kafka_coord_req_tmr_cb,\
                                     creq);\
}
/^ *\/\* Do nothing if creq is delayed and the delay time hasn't expired yet\.$/i\
        if (rd_timeout_expired(rd_timeout_remains(creq->creq_ts_timeout))) {\
                rd_kafka_coord_req_fail(rk, creq,\
                                        RD_KAFKA_RESP_ERR__TIMED_OUT);\
                return;\
        }\

s/^        if (rd_kafka_timer_next(&rk->rk_timers, &creq->creq_tmr, RD_DO_LOCK) >$/        if (!creq->creq_waits \&\&\n            rd_kafka_timer_next(\&rk->rk_timers, \&creq->creq_tmr, RD_DO_LOCK) >/
s/^                } else if (creq->creq_rkb == rkb) {$/&\n                        rd_kafka_coord_req_wait(rk, creq);/
s/^                            rkb, &rkb->rkb_persistconn\.coord);$/&\n                        rd_kafka_coord_req_wait(rk, creq);/
s/^query_coord:$/&\n        rd_kafka_coord_req_wait(rk, creq);/
# Of the header.
s/^        rd_kafka_timer_t creq_tmr;      \/\*\*< Delay timer\. \*\/$/&\n        rd_bool_t creq_waits;           \/**< Timer is for looking again. *\//
