"""The devices' encoders write what the makers published, octet for octet.

The expected octets: imst/ioke868, bosch/tps110-0292, digital-matter/oyster and axioma/qalcosonic-w1 in the LoRaWAN
Device Repository; nasys/nas-codecs, tests of um30xx 4.0.x and ul20xx 1.0.x.
"""

from adapters.simulated_city.encoders import axioma_w1 as w1
from adapters.simulated_city.encoders import bosch_tps110 as tps110
from adapters.simulated_city.encoders import digital_matter_oyster as oyster
from adapters.simulated_city.encoders import imst_ioke868 as ioke868
from adapters.simulated_city.encoders import nas_ul20xx as ul20xx
from adapters.simulated_city.encoders import nas_um30xx as um30xx


class TestIoke868:
    def test_a_register_of_tariff_1(self) -> None:
        written = ioke868.register(ioke868.IMPORT, 1, -4, 552_815)
        assert written.hex() == "4012fc0100010801ff1efc000000000000086f6f"

    def test_status_and_time_before_the_meters_identity(self) -> None:
        head = ioke868.meter_head(1_607_948_065, b"341200-5026871", exports=False)
        # The published status says that no meter answers; ours answers, in SML, and counts what is drawn.
        assert head.hex() == "00020500" + "01045fd75721" + "100e3334313230302d35303236383731"

    def test_the_heads_own_status(self) -> None:
        written = ioke868.status(
            1_608_117_753,
            last_sync_s=1_607_990_400,
            synchronised=False,
            restarts=5,
            files=(123_456, 17),
            uploads=123_456,
        )
        assert written.hex() == "f9edd95f000180fcd75f05000000260040e201001100000040e20100"

    def test_a_payload_that_does_not_fit_goes_in_numbered_segments(self) -> None:
        assert ioke868.segments(bytes(60), 51) == [b"\x00" + bytes(50), b"\x81" + bytes(10)]


class TestUm30xx:
    def test_how_the_reader_is(self) -> None:
        health = um30xx.Health(107, 359, 22, 2, 30, -51, 4, 14)
        written = um30xx.status(105, 1_020_304_050, factor_power=1, closed=False, serial="15273801", health=health)
        published = "82" + "82" + "6bd1164a337c" + "43" + "23" + "26b29ad03c" + "01382715"
        # Published with an alert of pulse input 2 and its register; ours has pulse input 1 only.
        assert written.hex() == published.replace("8282", "8280").replace("4323", "4301")

    def test_a_register_and_its_age(self) -> None:
        written = um30xx.usage(105, 1_020_304_050, factor_power=1, closed=False)
        published = "02" + "82" + "43" + "23" + "24b29ad03c"
        assert written.hex() == published.replace("0282", "0280").replace("4323", "4301")

    def test_minutes_below_an_hour(self) -> None:
        assert um30xx.usage(59, 0, factor_power=0, closed=True)[2] == 59


class TestTps110:
    def test_a_car_came(self) -> None:
        assert tps110.status(occupied=True).hex() == "01"

    def test_a_heartbeat_below_zero(self) -> None:
        assert tps110.heartbeat(-1, occupied=True).hex() == "01ff"

    def test_a_start(self) -> None:
        written = tps110.startup((804, 885, 0), tps110.SYSTEM_REQUEST, occupied=True)
        assert written.hex() == "240300007503000000000000001d020301"


class TestUl20xx:
    def test_what_two_drivers_used(self) -> None:
        written = ul20xx.usage(ul20xx.dali(2), 0, 0) + ul20xx.usage(ul20xx.dali(3), 5_141, 0)
        assert written.hex() == "04030000000000000603151400000000"

    def test_how_long_a_lamp_has_burned(self) -> None:
        assert ul20xx.usage_with_on_time(ul20xx.INTERNAL, 1, 4, 0).hex() == "ff8301000000040000000000"

    def test_how_the_controller_is(self) -> None:
        written = ul20xx.status(1_579_013_343, -75, 4, 21, 174)
        written += ul20xx.profile(5, 5, ul20xx.dali(5), 50) + ul20xx.profile(3, 3, ul20xx.dali(3), 0)
        assert written.hex() == "dfd41d5e004b041502ae05050aff32030306ff00"

    def test_a_driver_whose_lamp_has_failed(self) -> None:
        failed = ul20xx.driver_status(lamp_on=False, lamp_failure=True)
        assert ul20xx.driver_alert(ul20xx.dali(1), failed).hex() == "83200202"


class TestOyster:
    def test_a_place_at_rest(self) -> None:
        fix = oyster.Fix(-320_000_000, 1_160_000_000, 0, 0)
        assert oyster.position(fix, 5_550, in_trip=False, fix_failed=False).hex() == "0030edec003224450000de"

    def test_on_a_trip_without_a_fix_the_last_place(self) -> None:
        fix = oyster.Fix(-339_367_803, 188_708_568, 1, 0)
        assert oyster.position(fix, 4_750, in_trip=True, fix_failed=True).hex() == "85a8c5ebd8763f0b0301be"


class TestW1:
    def test_the_registers_of_a_day(self) -> None:
        published = (
            "01aeac986a003217000000000000000000008003800054000e4005100048000240020000200000000000000000000000000000"
        )
        added = [0, 0, 0, 0, 0, 14, 8, 21, 14, 21, 1, 18, 2, 9, 0, 8, 0, 0, 0, 0, 0, 0, 0]
        litres = [5_938 + sum(added[:hours]) for hours in range(24)]
        assert w1.log(1_788_390_574, w1.status(leaks=False), litres).hex() == published
